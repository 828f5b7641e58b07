import fc from 'fast-check'
import type { AlarmCommand, PersonCommand, SystemCommand } from '#domain/alarm/commands.ts'
import type { AlarmCode, Priority } from '#domain/alarm/codes.ts'
import type { AlarmEngine } from '#domain/alarm/engine.ts'
import { defaultAlarmPolicy } from '#domain/alarm/policy.ts'
import type { AlarmState } from '#domain/alarm/state.ts'
import {
  accepts,
  ana,
  checksIn,
  condition,
  declines,
  ends,
  escalates,
  handsOver,
  jonas,
  keeps,
  leaves,
  lists,
  loses,
  mia,
  raises,
  regains,
  rejects,
  resolves,
  returns,
  second,
  sees,
  shelves,
  starts,
  takesFrom,
  takesOver,
  ticks,
  unshelves,
  withdraws,
} from '#test/support/alarm-spec.ts'

// Arbitrary hub logs: possible ones and nonsense alike (ends without starts, lists that contradict the edges), because hubs and
// pumps are not to be trusted with consistency.

const codes: readonly (readonly [AlarmCode, Priority])[] = [
  ['occlusion-downstream', 'high'],
  ['battery-low', 'medium'],
  ['reservoir-low', 'low'],
]

const alarm = fc.record({ code: fc.constantFrom(...codes), id: fc.integer({ min: 1, max: 4 }) })
type Alarm = typeof alarm extends fc.Arbitrary<infer T> ? T : never

const body = ({ code: [code, priority], id }: Alarm) =>
  condition(`${code}-${id}`, { code, priority, prioritySource: 'profile' })

const step = fc.record({
  what: fc.constantFrom('start', 'end', 'list', 'update'),
  alarm,
  listed: fc.array(alarm, { maxLength: 3 }),
  gap: fc.constantFrom(0, 1, 20, 59, 61, 300),
  delay: fc.constantFrom(0, 0, 0, 100, 500),
  /** A hub's restart before this record. */
  reboots: fc.constantFrom(false, false, false, false, true),
})

/** Records of one hub in the order it wrote them, and losses of the link between them. */
export const hubLog = (max = 24, min = 0): fc.Arbitrary<readonly SystemCommand[]> =>
  fc
    .tuple(
      fc.array(step, { minLength: min, maxLength: max }),
      fc.array(fc.integer({ min: 0, max: 2000 }), { maxLength: 2 }),
    )
    .map(([steps, losses]) => {
      let at = 0
      let boot = 1
      const records = steps.map((one, index): SystemCommand => {
        at += one.gap
        if (one.reboots) boot += 1
        const place = { seq: index + 1, at, boot: `boot-${boot}`, delay: one.delay }
        const { code, priority, episodeId } = body(one.alarm)
        switch (one.what) {
          case 'start':
            return starts(place, episodeId, { code, priority, prioritySource: 'profile' })
          case 'update':
            return starts(place, episodeId, { code, priority, prioritySource: 'profile', phase: 'update' })
          case 'end':
            return ends(place, episodeId, { code, priority, prioritySource: 'profile' })
          case 'list':
            return lists(place, ...one.listed.map(body))
        }
      })
      const links = losses.toSorted((a, b) => a - b).flatMap((lost) => [loses('hub', lost), regains('hub', lost + 5)])
      return [...records, ...links]
    })

const act = fc.record({
  what: fc.constantFrom(
    'see',
    'accept',
    'withdraw',
    'reject',
    'hand-over',
    'take-over',
    'decline',
    'keep',
    'check-in',
    'take-from',
    'escalate',
    'shelve',
    'unshelve',
    'resolve',
  ),
  by: fc.constantFrom(ana, jonas),
  to: fc.constantFrom(ana, jonas, mia),
  alarm,
  version: fc.integer({ min: 0, max: 4 }),
})

/** Acts of nurses, with right and wrong versions. */
export const nurseActs: fc.Arbitrary<readonly PersonCommand[]> = fc.array(act, { maxLength: 24 }).map((acts) =>
  acts.map(({ what, by, to, alarm: on, version }, index) => {
    const id = body(on).episodeId
    const at = 5000 + index
    switch (what) {
      case 'see':
        return sees(by, id, at, version)
      case 'accept':
        return accepts(by, id, at, version)
      case 'withdraw':
        return withdraws(by, id, at, version)
      case 'reject':
        return rejects(by, id, at, version)
      case 'hand-over':
        return handsOver(by, to, id, at, version)
      case 'take-over':
        return takesOver(by, id, at, version)
      case 'decline':
        return declines(by, id, at, version)
      case 'keep':
        return keeps(by, id, at, version)
      case 'check-in':
        return checksIn(by, id, at, version)
      case 'take-from':
        return takesFrom(by, id, at, version, by === jonas)
      case 'escalate':
        return escalates(by, id, at, to, version)
      case 'shelve':
        return shelves(by, id, at, 30, version)
      case 'unshelve':
        return unshelves(by, id, at, version)
      case 'resolve':
        return resolves(by, id, at, version)
    }
  }),
)

const derived: fc.Arbitrary<SystemCommand> = fc
  .integer({ min: 0, max: 3000 })
  .chain((at) =>
    fc.constantFrom<SystemCommand>(
      raises(at, `derived-${at}`, { delivering: true }),
      raises(at, `derived-${at}`, { delivering: false, code: 'stopped-early' }),
      { type: 'end-derived', at: second(at), code: 'link-lost-pump', channelId: null },
      { type: 'set-criticality', at: second(at), criticality: 'standard' },
      { type: 'set-criticality', at: second(at), criticality: 'critical' },
      ticks(at),
      ticks(5000 + 2 * at),
      leaves(ana, 5000 + at),
      leaves(jonas, 5000 + at),
      returns(ana, 5000 + at),
    ),
  )

/** Everything that can happen to a pump's alarms, in any order, some of it twice. */
export const anyLife: fc.Arbitrary<readonly AlarmCommand[]> = fc
  .tuple(hubLog(), nurseActs, fc.array(derived, { maxLength: 8 }))
  .chain(([log, acts, others]) => fc.shuffledSubarray([...log, ...log, ...acts, ...others]))

/** Hands the commands to an engine; refusals change nothing. `each` sees every step. */
export const live = (
  engine: AlarmEngine,
  commands: readonly AlarmCommand[],
  each: (before: AlarmState, after: AlarmState, events: Parameters<AlarmEngine['evolve']>[1][]) => void = () => {},
): AlarmState => {
  let state = engine.initial
  for (const command of commands) {
    const decision = engine.decide(state, command, defaultAlarmPolicy)
    const events = decision.outcome === 'ok' ? [...decision.events] : []
    const after = events.reduce((now, event) => engine.evolve(now, event), state)
    each(state, after, events)
    state = after
  }
  return state
}

/** CONDITION and PRIORITY of every episode: what must not depend on the order of arrival. */
export const conditionOutcome = (state: AlarmState): unknown =>
  Object.values(state.episodes)
    .map(({ episodeId, condition: told, shown }) => ({ episodeId, told, shown }))
    .toSorted((a, b) => (a.episodeId < b.episodeId ? -1 : 1))
