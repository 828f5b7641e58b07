import { alarmEngine } from '#domain/alarm/engine.ts'
import type { Instant, Scheduler } from '#domain/time.ts'
import type { Journal } from '../adapters/sqlite/open-journal.ts'
import { createAnalytics } from '../core/analytics.ts'
import type { AlarmAnalytics } from '../core/analytics.ts'
import { completenessOf } from '../core/expected-readings.ts'
import type { LivePicture } from '../core/live-picture.ts'
import type { TelemetryStore } from '../core/ports.ts'
import { createTimeMachine } from '../core/replay.ts'
import type { TimeMachine } from '../core/replay.ts'

export interface LookBackDependencies {
  readonly journal: Pick<Journal, 'states' | 'analytics' | 'assignments' | 'firmware'>
  readonly telemetry: Pick<TelemetryStore, 'history'>
  readonly picture: Pick<LivePicture, 'pump'>
  readonly scheduler: Scheduler
  readonly now: () => Instant
  readonly facilityTimeZone: string
}

/** What is read out of the journal about the past. */
export const lookBack = (
  deps: LookBackDependencies,
): { readonly timeMachine: TimeMachine; readonly analytics: AlarmAnalytics } => {
  const { journal, scheduler, facilityTimeZone } = deps
  return {
    timeMachine: createTimeMachine({
      engine: alarmEngine,
      archive: journal.states,
      scheduler,
      labelsAt: async (at) =>
        new Map((await journal.assignments.validAt(at)).map(({ pumpId, details }) => [pumpId, details?.label ?? null])),
    }),
    analytics: createAnalytics({
      source: journal.analytics,
      scheduler,
      now: deps.now,
      firmware: () => journal.firmware.history(),
      assignments: (pumpId) => journal.assignments.history(pumpId),
      facilityTimeZone,
      completeness: (...asked) => completenessOf(deps, ...asked),
    }),
  }
}
