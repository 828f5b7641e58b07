import type { PlannedRun } from '#domain/assignment/planned-runs.ts'
import { missedStart } from '#domain/derived/missed-start.ts'
import type { DerivedPolicy } from '#domain/derived/policy.ts'
import { runsOtherProgram } from '#domain/derived/settings-changed.ts'
import type { Level, WatchedValues } from '#domain/derived/watched-sample.ts'
import type { PumpId } from '#domain/ids.ts'
import type { Conclusion } from './level-book.ts'

/** When pumps should run. */
export interface Plans {
  /** Pumps with a plan. */
  pumps(): readonly PumpId[]
  /** Starts from `from` (inclusive) to `to` (exclusive), ms, in their order. */
  runs(pumpId: PumpId, from: number, to: number): readonly PlannedRun[]
}

export interface PlanWatchDependencies {
  readonly plans: Plans
  readonly policy: DerivedPolicy
  /** Whether anything can be heard of the pump now: a lost hub is one alarm, not a missed start of each of its pumps. */
  readonly isHubHeard: (pumpId: PumpId) => boolean
  /** Whether the pump delivered in this time, by the telemetry store: for starts before this server's own. */
  readonly delivered: (pumpId: PumpId, from: number, to: number) => Promise<boolean>
}

interface Asked {
  readonly plannedAt: number
  readonly delivered: boolean | null
  readonly askedAt: number
}

/** A store that did not answer is asked again after this time, ms. */
const askAgainMs = 60_000
/** A plan is looked at this often, ms: calendars are slow. */
const planEveryMs = 30_000

/** Holds what pumps do against what was planned for them. */
export class PlanWatch {
  readonly #deps: PlanWatchDependencies
  readonly #deliveredAt = new Map<PumpId, number>()
  readonly #asked = new Map<PumpId, Asked>()
  readonly #values = new Map<PumpId, WatchedValues>()
  readonly #other = new Map<PumpId, number | null>()
  #planned: ReadonlySet<PumpId> = new Set()
  #lookedAt = Number.NEGATIVE_INFINITY

  constructor(deps: PlanWatchDependencies) {
    this.#deps = deps
  }

  /** A pump spoke. `deliveredAt`: when it was last heard to deliver. */
  heard(pumpId: PumpId, deliveredAt: number | null, values: WatchedValues): void {
    this.#values.set(pumpId, values)
    const known = this.#deliveredAt.get(pumpId) ?? Number.NEGATIVE_INFINITY
    if (deliveredAt !== null && deliveredAt > known) this.#deliveredAt.set(pumpId, deliveredAt)
  }

  conclusions(now: number): readonly Conclusion[] {
    if (now - this.#lookedAt < planEveryMs && now >= this.#lookedAt) return []
    this.#lookedAt = now
    const planned = new Set(this.#deps.plans.pumps())
    const concluded = new Set([...this.#planned, ...planned])
    this.#planned = planned
    return [...concluded].flatMap((pumpId) => [this.#start(pumpId, now), this.#program(pumpId, now)])
  }

  #start(pumpId: PumpId, now: number): Conclusion {
    const { plans, policy, isHubHeard } = this.#deps
    const planned = plans.runs(pumpId, now - policy.missedStartForMs, now).map(({ startsAt }) => startsAt)
    const { level, plannedAt } = missedStart(planned, this.#deliveredAt.get(pumpId) ?? null, now, policy)
    const minutes = Math.round((now - (plannedAt ?? now)) / 60_000)
    return {
      pumpId,
      channelId: null,
      code: 'missed-start',
      level:
        level !== 'raised' || plannedAt === null ? level : this.#missed(pumpId, plannedAt, now, isHubHeard(pumpId)),
      text: () => `the start that was planned ${minutes} minutes ago was not made`,
    }
  }

  /** The store knows what was delivered before this server started. */
  #missed(pumpId: PumpId, plannedAt: number, now: number, isHeard: boolean): Level {
    if (!isHeard) return 'unknown'
    const asked = this.#asked.get(pumpId)
    if (asked?.plannedAt === plannedAt && asked.delivered !== null) return asked.delivered ? 'fine' : 'raised'
    if (asked?.plannedAt === plannedAt && now - asked.askedAt < askAgainMs) return 'unknown'
    this.#asked.set(pumpId, { plannedAt, delivered: null, askedAt: now })
    this.#deps.delivered(pumpId, plannedAt - this.#deps.policy.earlyStartMs, now).then(
      (delivered) => void this.#asked.set(pumpId, { plannedAt, delivered, askedAt: now }),
      () => undefined,
    )
    // Its answer counts the next time.
    return 'unknown'
  }

  #program(pumpId: PumpId, now: number): Conclusion {
    const { plans, policy } = this.#deps
    const values = this.#values.get(pumpId)
    const run = plans.runs(pumpId, now - policy.longestRunMs, now).findLast(({ endsAt }) => endsAt > now)
    const differs = values === undefined || run === undefined ? null : runsOtherProgram(run, values, policy)
    const before = this.#other.get(pumpId) ?? null
    const since = differs === true ? (before ?? now) : null
    this.#other.set(pumpId, since)
    const stands = since !== null && now - since >= policy.otherProgramAfterMs
    return {
      pumpId,
      channelId: null,
      code: 'settings-changed',
      level: stands ? 'raised' : since === null && (differs === false || run === undefined) ? 'fine' : 'unknown',
      text: () =>
        `planned ${run?.rateMlPerHour ?? '?'} mL/h, the pump is set to ${values?.programmedRateMlPerHour ?? values?.rateMlPerHour ?? '?'} mL/h`,
    }
  }
}
