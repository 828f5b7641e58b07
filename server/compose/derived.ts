import { plannedRuns } from '#domain/assignment/planned-runs.ts'
import type { PlannedRun } from '#domain/assignment/planned-runs.ts'
import type { AssignmentDetails } from '#domain/assignment/assignment.ts'
import { defaultDerivedPolicy } from '#domain/derived/policy.ts'
import type { EpisodeId, PumpId } from '#domain/ids.ts'
import { TimeZone } from '#domain/on-call/local-time.ts'
import { delivers } from '#domain/telemetry.ts'
import type { Clock, Scheduler } from '#domain/time.ts'
import { diskRoom } from '../adapters/disk-room.ts'
import type { AlarmService } from '../core/alarm-service.ts'
import type { Assignments } from '../core/assignments.ts'
import { DerivedAlarms } from '../core/derived/derived-alarms.ts'
import { StorageAlarm } from '../core/derived/storage-alarm.ts'
import { StorageWatch } from '../core/derived/storage-watch.ts'
import { PlanWatch } from '../core/derived/plan-watch.ts'
import type { Plans } from '../core/derived/plan-watch.ts'
import type { LivePicture } from '../core/live-picture.ts'
import type { Log } from '../core/log.ts'
import type { SampleSink, TelemetryStore } from '../core/ports.ts'

const dayMs = 86_400_000

interface Known {
  /** The plan holds since then: what came before nobody had planned. */
  readonly since: number
  readonly details: AssignmentDetails
  readonly from: number
  readonly to: number
  readonly runs: readonly PlannedRun[]
}

const samePlan = (a: AssignmentDetails, b: AssignmentDetails): boolean =>
  a.timeZone === b.timeZone && JSON.stringify(a.plan) === JSON.stringify(b.plan)

/** A calendar is slow: the runs of a plan are worked out a day ahead, and again when it changes. */
const plansOf = (assignments: Assignments, facilityTimeZone: string): Plans => {
  const facility = TimeZone.parse(facilityTimeZone)
  const known = new Map<PumpId, Known>()
  // Another label, or another phone number, is no other plan.
  const sinceOf = (pumpId: PumpId, details: AssignmentDetails, before: Known | undefined): number =>
    before !== undefined && samePlan(before.details, details)
      ? before.since
      : (assignments.all().find((one) => one.pumpId === pumpId)?.validFrom ?? 0)
  return {
    pumps: () => assignments.all().flatMap(({ pumpId, details }) => (details?.plan == null ? [] : [pumpId])),
    runs: (pumpId, from, to) => {
      const details = assignments.get(pumpId)
      const plan = details?.plan
      if (details === undefined || plan == null) return []
      let one = known.get(pumpId)
      if (one?.details !== details || from < one.from || to > one.to) {
        const span = { from: from - 8 * dayMs, to: to + dayMs }
        const runs = plannedRuns(plan, details.timeZone ?? facility, span.from, span.to)
        one = { details, since: sinceOf(pumpId, details, one), ...span, runs }
        known.set(pumpId, one)
      }
      const first = Math.max(from, one.since)
      return one.runs.filter(({ startsAt }) => startsAt >= first && startsAt < to)
    },
  }
}

export interface DerivedOptions {
  readonly alarms: Pick<AlarmService, 'system'>
  readonly picture: LivePicture
  readonly assignments: Assignments
  readonly telemetry: Pick<TelemetryStore, 'history' | 'check'>
  readonly dataDir: string
  readonly facilityTimeZone: string
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly newEpisodeId: () => EpisodeId
  readonly log: Log
}

/** What the server concludes: from readings, on their way to the wall and on, and of its own stores. */
export interface Derived extends AsyncDisposable {
  readonly samples: SampleSink
  readonly storage: StorageAlarm
  start(): void
}

export const derivedAlarms = (options: DerivedOptions): Derived => {
  const { alarms, picture, assignments, telemetry, dataDir, facilityTimeZone, clock, scheduler, newEpisodeId, log } =
    options
  const policy = defaultDerivedPolicy
  const plans = new PlanWatch({
    plans: plansOf(assignments, facilityTimeZone),
    policy,
    isHubHeard: (pumpId) => {
      const hubId = picture.pump(pumpId)?.hubId
      return hubId === undefined || picture.hub(hubId)?.state === 'live'
    },
    delivered: async (pumpId, from, to) => {
      const { buckets } = await telemetry.history(pumpId, { from, to, maxPoints: 2000 })
      return buckets.some(({ state }) => delivers[state] === true)
    },
  })
  const derived = new DerivedAlarms({ ...options, plans, policy })
  const storage = new StorageAlarm({ alarms, clock, newEpisodeId, log })
  const stores = new StorageWatch({
    room: () => diskRoom(dataDir),
    check: () => telemetry.check(),
    alarm: storage,
    scheduler,
    log,
  })
  return {
    storage,
    samples: {
      take: (samples) => {
        picture.take(samples)
        derived.take(samples)
      },
    },
    start: () => {
      derived.start()
      stores.start()
    },
    [Symbol.asyncDispose]: async () => {
      await stores[Symbol.asyncDispose]()
      await derived[Symbol.asyncDispose]()
    },
  }
}
