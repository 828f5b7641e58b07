import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SystemCommand } from '#domain/alarm/commands.ts'
import { foldReports } from '#domain/alarm/condition-fold.ts'
import { type AlarmEngine, alarmEngine } from '#domain/alarm/engine.ts'
import { AlarmEvent } from '#domain/alarm/events.ts'
import { defaultAlarmPolicy as policy } from '#domain/alarm/policy.ts'
import { keptReports } from '#domain/alarm/report-folding.ts'
import { inOrder } from '#domain/alarm/report-order.ts'
import type { Report } from '#domain/alarm/reports.ts'
import type { AlarmState } from '#domain/alarm/state.ts'
import { openEpisodes } from '#domain/alarm/view.ts'
import { anyLife, conditionOutcome, hubLog, live, nurseActs } from '#test/support/alarm-logs.ts'
import { fold } from '#test/support/alarm-spec.ts'

const orderLeavesNoTrace = (engine: AlarmEngine) =>
  fc.property(
    hubLog().chain((log) =>
      fc.tuple(fc.constant(log), fc.shuffledSubarray([...log, ...log], { minLength: log.length })),
    ),
    ([log, shuffled]) => {
      // The rest follows at the end, so that every record arrived at least once.
      const arrived = live(engine, [...shuffled, ...log.toReversed()])
      expect(conditionOutcome(arrived)).toEqual(conditionOutcome(live(engine, log)))
    },
  )

const conditions = (state: AlarmState) => Object.values(state.episodes).map(({ condition }) => condition)

const actsEndNothing = (engine: AlarmEngine) =>
  fc.property(hubLog(), nurseActs, (log, acts) => {
    const before = live(engine, log)
    const after = live(engine, [...log, ...acts])
    expect(conditions(after)).toEqual(conditions(before))
    const present = Object.values(after.episodes).filter((episode) => episode.condition.open)
    const listed = openEpisodes(after).map((episode) => episode.episodeId)
    expect(listed).toEqual(expect.arrayContaining(present.map((episode) => episode.episodeId)))
  })

/** A high alarm leaves the list only when it is over and a person has said what it was. */
const highStaysVisible = (engine: AlarmEngine) =>
  fc.property(anyLife, (commands) => {
    live(engine, commands, (before, after, events) => {
      for (const { episodeId, shown } of openEpisodes(before)) {
        if (shown.priority !== 'high') continue
        const now = after.episodes[episodeId]
        if (now === undefined) {
          const merge = events.find((event) => event.type === 'episode-merged' && event.episodeId === episodeId)
          expect(merge).toBeDefined()
          if (merge?.type === 'episode-merged') expect(after.episodes[merge.into]).toBeDefined()
        } else if (now.closedAt !== null) {
          expect(now.condition.open).toBe(false)
          if (now.shown.priority === 'high') expect(now.response.resolution).not.toBeNull()
        }
      }
    })
  })

/** Nobody comes to own an alarm by anything but an act of their own, and what is offered is owned meanwhile. */
const ownersTookIt = (engine: AlarmEngine) =>
  fc.property(hubLog(6), nurseActs, (log, acts) => {
    let before = live(engine, log)
    for (const act of acts) {
      // Most acts fit what stands there, so that one follows from the other.
      const [only] = Object.values(before.episodes)
      const fitting =
        only === undefined || act.expectedVersion === 0
          ? act
          : { ...act, episodeId: only.episodeId, expectedVersion: only.version }
      const decision = engine.decide(before, fitting, policy)
      const after = decision.outcome === 'ok' ? decision.events.reduce(engine.evolve, before) : before
      for (const { episodeId, response } of Object.values(after.episodes)) {
        if (response.state === 'handed-over') expect([response.owner, response.handedTo]).not.toContain(null)
        const was = before.episodes[episodeId]?.response.owner?.userId
        if (response.owner !== null && response.owner.userId !== was) expect(response.owner).toEqual(act.by)
      }
      before = after
    }
  })

const timeOf = (command: SystemCommand): number => ('occurredAt' in command ? command.occurredAt : command.at)
const inTime = (log: readonly SystemCommand[]): readonly SystemCommand[] =>
  log.toSorted((a, b) => timeOf(a) - timeOf(b))

/** A second, naive reading: one set of present hub episodes per code; a list replaces all sets. */
const presentByHand = (log: readonly SystemCommand[]): string[] => {
  let present: { code: string; id: string }[] = []
  for (const command of log) {
    if (command.type === 'report-snapshot')
      present = command.snapshot.alarms.map(({ code, episodeId }) => ({ code, id: episodeId }))
    if (command.type !== 'report-condition') continue
    const { code, episodeId, phase } = command.condition
    present = present.filter(({ id }) => id !== episodeId)
    if (phase !== 'end') present.push({ code, id: episodeId })
  }
  return [...new Set(present.map(({ code }) => code))].toSorted()
}

/** Whether some case breaks it. By one seed: a test of the property itself must not depend on luck. */
const fails = (property: fc.IProperty<unknown>): boolean =>
  fc.check(property, { seed: 20_260_105, numRuns: 5_000, endOnFailure: true }).failed

describe('the alarm engine, whatever happens', () => {
  it('gives the same state live and by replay of its journal, as JSON', () => {
    fc.assert(
      fc.property(anyLife, (commands) => {
        const journal: AlarmEvent[] = []
        const state = live(alarmEngine, commands, (_before, _after, events) => journal.push(...events))
        const read = journal.map((event) => AlarmEvent.parse(JSON.parse(JSON.stringify(event))))
        expect(fold(read)).toEqual(state)
      }),
    )
  })

  it('comes to the same conditions by any order and repetition of the same records', () => {
    fc.assert(orderLeavesNoTrace(alarmEngine), { numRuns: 400 })
  })

  it('holds present exactly what an in-order reading of the records says', () => {
    fc.assert(
      fc.property(hubLog(), (log) => {
        const state = live(alarmEngine, log.toReversed())
        const present = Object.values(state.episodes).flatMap(({ condition }) =>
          condition.open ? [condition.code] : [],
        )
        expect(present.toSorted()).toEqual(presentByHand(log))
      }),
      { numRuns: 200 },
    )
  })

  it('keeps its state small over a long life, and says the same as one fold of everything', () => {
    fc.assert(
      fc.property(hubLog(240, 180).map(inTime), (log) => {
        const reports: Report[] = []
        const state = live(alarmEngine, log, (_before, _after, events) =>
          reports.push(...events.flatMap((event) => (event.type === 'report-noted' ? [event.report] : []))),
        )
        expect(state.reports.length).toBeLessThanOrEqual(keptReports)
        expect(reports.length).toBeGreaterThan(keptReports)
        const whole = foldReports([], inOrder(reports), state.losses, policy).flatMap(({ episodes }) => episodes)
        expect(conditions(state)).toEqual(expect.arrayContaining(whole.map((one): unknown => one.condition)))
        expect(whole).toHaveLength(conditions(state).length)
        for (const record of log)
          if (record.type === 'report-snapshot')
            expect(alarmEngine.decide(state, record, policy)).toEqual({ outcome: 'ok', events: [] })
      }),
      { numRuns: 8, endOnFailure: true },
    )
  })

  it('ends no condition by any sequence of nurse acts', () => {
    fc.assert(actsEndNothing(alarmEngine), { numRuns: 200 })
  })

  it("gives an alarm to nobody but by that person's own act", () => {
    fc.assert(ownersTookIt(alarmEngine), { numRuns: 300 })
  })

  it('keeps every high alarm on the list until it is over and resolved by a person', () => {
    fc.assert(highStaysVisible(alarmEngine), { numRuns: 300 })
  })

  it('has no second effect for commands it has seen', () => {
    fc.assert(
      fc.property(hubLog(), (log) => {
        const state = live(alarmEngine, log)
        for (const record of log.filter(({ type }) => type.startsWith('report-')))
          expect(alarmEngine.decide(state, record, policy)).toEqual({ outcome: 'ok', events: [] })
      }),
    )
  })
})

const broken = (decide: AlarmEngine['decide']): AlarmEngine => ({ ...alarmEngine, decide })

describe('the properties catch an engine that', () => {
  it('takes records in order of arrival', () => {
    const engine = broken((state, command, policy) => {
      if (!('key' in command)) return alarmEngine.decide(state, command, policy)
      const known = state.reports.some((report) => 'key' in report && report.receivedAt === command.receivedAt)
      const seq = state.reports.length + 1
      return known
        ? { outcome: 'ok', events: [] }
        : alarmEngine.decide(state, { ...command, key: { ...command.key, seq } }, policy)
    })
    expect(fails(orderLeavesNoTrace(engine))).toBe(true)
  })

  it('ends a condition when a nurse resolves it', () => {
    const engine = broken((state, command, policy) => {
      const decision = alarmEngine.decide(state, command, policy)
      const episode = command.type === 'resolve' ? state.episodes[command.episodeId] : undefined
      if (decision.outcome !== 'ok' || decision.events.length === 0 || episode === undefined) return decision
      const condition = { ...episode.condition, open: false, endedAt: 0 }
      const { episodeId } = episode
      return {
        outcome: 'ok',
        events: [...decision.events, { type: 'condition-changed', episodeId, at: 0, change: 'ended', condition }],
      }
    })
    expect(fails(actsEndNothing(engine))).toBe(true)
  })

  it('makes somebody the owner whom the alarm was only offered to', () => {
    const engine: AlarmEngine = {
      ...alarmEngine,
      evolve: (state, event) =>
        alarmEngine.evolve(
          state,
          event.type === 'hand-over-offered' ? { ...event, type: 'hand-over-taken', by: event.to } : event,
        ),
    }
    expect(fails(ownersTookIt(engine))).toBe(true)
  })

  it('closes a high alarm as soon as it is over', () => {
    const engine = broken((state, command, policy) => {
      const decision = alarmEngine.decide(state, command, policy)
      if (decision.outcome !== 'ok') return decision
      const over = decision.events.flatMap((event) =>
        event.type === 'condition-changed' && event.change === 'ended' ? [event] : [],
      )
      const closed = over.map(({ episodeId, at }) => ({
        type: 'episode-closed' as const,
        episodeId,
        at,
        why: 'low-and-over' as const,
      }))
      return { outcome: 'ok', events: [...decision.events, ...closed] }
    })
    expect(fails(highStaysVisible(engine))).toBe(true)
  })
})
