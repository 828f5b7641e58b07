import { alarmEngine } from '#domain/alarm/engine.ts'
import type { PumpId } from '#domain/ids.ts'
import type { Instant, Scheduler } from '#domain/time.ts'
import type { Journal } from '../adapters/sqlite/open-journal.ts'
import { createAnalytics } from '../core/analytics.ts'
import type { AlarmAnalytics } from '../core/analytics.ts'
import type { Assignments } from '../core/assignments.ts'
import { createTimeMachine } from '../core/replay.ts'
import type { TimeMachine } from '../core/replay.ts'

export interface LookBackDependencies {
  readonly journal: Pick<Journal, 'states' | 'analytics' | 'hubs'>
  readonly assignments: Pick<Assignments, 'get'>
  readonly scheduler: Scheduler
  readonly now: () => Instant
  readonly facilityTimeZone: string
}

/** What is read out of the journal about the past. */
export const lookBack = (
  deps: LookBackDependencies,
): { readonly timeMachine: TimeMachine; readonly analytics: AlarmAnalytics } => {
  const { journal, assignments, scheduler, facilityTimeZone } = deps
  const timeZoneOf = (pumpId: PumpId | null): string =>
    (pumpId === null ? null : assignments.get(pumpId)?.timeZone) ?? facilityTimeZone
  return {
    timeMachine: createTimeMachine({ engine: alarmEngine, archive: journal.states, scheduler }),
    analytics: createAnalytics({
      source: journal.analytics,
      scheduler,
      now: deps.now,
      firmware: async () =>
        new Map((await journal.hubs.pumps()).map(({ report }) => [report.pumpId, report.firmware] as const)),
      teamOf: (pumpId) => assignments.get(pumpId)?.teamId ?? null,
      timeZoneOf,
    }),
  }
}
