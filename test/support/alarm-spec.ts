import { expect } from 'vitest'
import type { AlarmCommand, PersonCommand, RaiseDerived, SystemCommand } from '#domain/alarm/commands.ts'
import type { Decision } from '#domain/alarm/decision.ts'
import { alarmEngine } from '#domain/alarm/engine.ts'
import { AlarmEvent } from '#domain/alarm/events.ts'
import { type AlarmPolicy, defaultAlarmPolicy } from '#domain/alarm/policy.ts'
import type { AlarmState } from '#domain/alarm/state.ts'
import { openViews } from '#domain/alarm/view.ts'
import { BootId, ChannelId, EpisodeId, HubId, PumpId, UserId } from '#domain/ids.ts'
import type { AlarmView, Person } from '#domain/live/views.ts'
import type { Condition } from '#domain/uplink/records.ts'

// given(events).when(command).then(events): what one alarm behaviour looks like from outside.

export const fold = (events: readonly AlarmEvent[], from: AlarmState = alarmEngine.initial): AlarmState =>
  events.reduce(alarmEngine.evolve, from)

/** Runs commands and gives back what they journal. A refused one is a mistake in the test. */
export const history = (commands: readonly AlarmCommand[], policy: AlarmPolicy = defaultAlarmPolicy): AlarmEvent[] => {
  const events: AlarmEvent[] = []
  let state = alarmEngine.initial
  for (const command of commands) {
    const decision = alarmEngine.decide(state, command, policy)
    if (decision.outcome !== 'ok') throw new Error(`${command.type} gave ${JSON.stringify(decision)}`)
    events.push(...decision.events)
    state = fold(decision.events, state)
  }
  return events
}

type Partly = { readonly type: AlarmEvent['type'] } & Readonly<Record<string, unknown>>

interface Outcome {
  /** These events in this order, each with at least these fields. */
  thenEvents(...expected: readonly Partly[]): Outcome
  /** The open alarms afterwards, in order of opening, each with at least these fields. */
  thenShown(...expected: readonly Partial<AlarmView>[]): Outcome
  thenConflict(expected: Partial<Extract<Decision, { outcome: 'conflict' }>>): Outcome
  thenRefused(reason: string): Outcome
  readonly state: AlarmState
}

const outcome = (before: AlarmState, decision: Decision): Outcome => {
  const events = decision.outcome === 'ok' ? decision.events : []
  const state = fold(events, before)
  const self: Outcome = {
    state,
    thenEvents(...expected) {
      expect(decision.outcome).toBe('ok')
      expect(events.map((event) => event.type)).toEqual(expected.map((event) => event.type))
      expect(events).toMatchObject(expected)
      // The journal keeps JSON and gives back the same event.
      expect(events.map((event) => AlarmEvent.parse(JSON.parse(JSON.stringify(event))))).toEqual(events)
      return self
    },
    thenShown(...expected) {
      const views = openViews(state, { pumpId: pump, hubId: null })
      expect(views).toHaveLength(expected.length)
      expect(views).toMatchObject(expected)
      return self
    },
    thenConflict(expected) {
      expect(decision).toMatchObject({ outcome: 'conflict', ...expected })
      return self
    },
    thenRefused(reason) {
      expect(decision).toEqual({ outcome: 'refused', reason })
      return self
    },
  }
  return self
}

export const given = (events: readonly AlarmEvent[], policy: AlarmPolicy = defaultAlarmPolicy) => {
  const before = fold(events)
  return {
    when: (command: AlarmCommand) => outcome(before, alarmEngine.decide(before, command, policy)),
    /** Without a command: what stands after these events. */
    thenShown: (...expected: readonly Partial<AlarmView>[]) =>
      outcome(before, { outcome: 'ok', events: [] }).thenShown(...expected),
  }
}

// A morning at one pump. Times in the specifications are seconds after `t0`.
export const t0 = Date.UTC(2026, 2, 10, 2, 30)
export const second = (s: number): number => t0 + s * 1000
export const pump = PumpId.parse('pump-1')
export const hub = HubId.parse('hub-1')
export const episode = (id: string): EpisodeId => EpisodeId.parse(id)
export const ana: Person = { userId: UserId.parse('u-ana'), name: 'Ana Berg' }
export const jonas: Person = { userId: UserId.parse('u-jonas'), name: 'Jonas Lind' }
export const mia: Person = { userId: UserId.parse('u-mia'), name: 'Mia Osei' }

export const condition = (id: string, more: Partial<Condition> = {}): Condition => ({
  episodeId: episode(id),
  code: 'occlusion-downstream',
  vendorCode: '0',
  vendorText: null,
  phase: 'start',
  state: 'active',
  inactivation: ['enabled'],
  priority: 'high',
  prioritySource: 'pump',
  type: 'technical',
  channelId: ChannelId.parse('1'),
  startedAt: null,
  measurementStatus: ['valid'],
  experimental: false,
  ...more,
})

interface Place {
  readonly seq: number
  /** Which of the hub's numberings. */
  readonly numbering?: number
  /** Seconds on the clock of the boot, which never steps; `at` when nobody sets the server's clock. */
  readonly up?: number
  /** Seconds after t0. */
  readonly at: number
  readonly boot?: string
  readonly hub?: string
  /** Seconds until the server had it; more than 120 is late. */
  readonly delay?: number
  readonly simulated?: boolean
  /** How far its date may be off, ms. */
  readonly uncertaintyMs?: number
}

const dated = ({
  seq,
  numbering = 0,
  at,
  up = at,
  boot = 'boot-1',
  hub: from = hub,
  delay = 0,
  simulated = false,
  uncertaintyMs = 20,
}: Place) => ({
  key: { hubId: HubId.parse(from), bootId: BootId.parse(boot), seq },
  numbering,
  monotonicMs: up * 1000,
  occurredAt: second(at),
  uncertaintyMs,
  receivedAt: second(at + delay),
  late: delay * 1000 > defaultAlarmPolicy.lateAfterMs,
  simulated,
})

export const told = (place: Place, body: Condition): SystemCommand => ({
  type: 'report-condition',
  ...dated(place),
  condition: body,
})

export const starts = (place: Place, id: string, more: Partial<Condition> = {}): SystemCommand =>
  told(place, condition(id, more))

export const ends = (place: Place, id: string, more: Partial<Condition> = {}): SystemCommand =>
  told(place, condition(id, { phase: 'end', state: 'inactive', ...more }))

/** The pump's full list. */
export const lists = (place: Place, ...alarms: readonly Condition[]): SystemCommand => ({
  type: 'report-snapshot',
  ...dated(place),
  snapshot: { reason: 'periodic', alarms: [...alarms], measurementStatus: ['valid'] },
})

export const loses = (root: 'pump' | 'hub', at: number): SystemCommand => ({ type: 'lose-link', at: second(at), root })
export const regains = (root: 'pump' | 'hub', at: number): SystemCommand => ({
  type: 'regain-link',
  at: second(at),
  root,
})
export const ticks = (at: number): SystemCommand => ({ type: 'tick', at: second(at) })

export const raises = (at: number, id: string, more: Partial<RaiseDerived> = {}): SystemCommand => ({
  type: 'raise-derived',
  at: second(at),
  episodeId: episode(id),
  code: 'link-lost-pump',
  channelId: null,
  hubId: hub,
  priority: null,
  delivering: true,
  text: null,
  unverifiedPumps: [],
  experimental: false,
  simulated: false,
  ...more,
})

type ActName = PersonCommand['type']
const act = (type: ActName, by: Person, id: string, at: number, version: number, more: object): PersonCommand =>
  ({
    type,
    at: second(at),
    episodeId: episode(id),
    by,
    expectedVersion: version,
    requestId: `${type}-${by.userId}-${at}`,
    ...more,
  }) as PersonCommand

export const sees = (by: Person, id: string, at: number, version = 0) => act('mark-seen', by, id, at, version, {})
export const accepts = (by: Person, id: string, at: number, version = 0) => act('accept', by, id, at, version, {})
export const withdraws = (by: Person, id: string, at: number, version = 1) => act('withdraw', by, id, at, version, {})
export const rejects = (by: Person, id: string, at: number, version = 0) =>
  act('reject', by, id, at, version, { reason: 'on the road for 40 minutes' })
export const resolves = (by: Person, id: string, at: number, version = 1) =>
  act('resolve', by, id, at, version, { class: 'true-and-acted', finding: 'kink-or-clamp', note: 'clamp was closed' })
export const handsOver = (by: Person, to: Person, id: string, at: number, version = 1) =>
  act('hand-over', by, id, at, version, { to })
export const takesOver = (by: Person, id: string, at: number, version = 2) => act('take-over', by, id, at, version, {})
export const declines = (by: Person, id: string, at: number, version = 2) =>
  act('decline-hand-over', by, id, at, version, { reason: 'already on two calls' })
export const keeps = (by: Person, id: string, at: number, version = 2) =>
  act('withdraw-hand-over', by, id, at, version, {})
export const checksIn = (by: Person, id: string, at: number, version = 1) => act('check-in', by, id, at, version, {})
export const takesFrom = (by: Person, id: string, at: number, version = 1, fromAnybody = false) =>
  act('take-from', by, id, at, version, { reason: 'she does not answer', fromAnybody })
export const escalates = (by: Person, id: string, at: number, to: Person | null = null, version = 0) =>
  act('escalate', by, id, at, version, { to })
export const shelves = (by: Person, id: string, at: number, minutes = 30, version = 0) =>
  act('shelve', by, id, at, version, { reason: 'visit at noon', until: second(at + minutes * 60) })
export const unshelves = (by: Person, id: string, at: number, version = 1) => act('unshelve', by, id, at, version, {})
export const leaves = (owner: Person, at: number): SystemCommand => ({
  type: 'owner-gone',
  at: second(at),
  owner: owner.userId,
})
export const returns = (owner: Person, at: number): SystemCommand => ({
  type: 'owner-back',
  at: second(at),
  owner: owner.userId,
})
