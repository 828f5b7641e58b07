import type { UserId } from '#domain/ids.ts'
import type { Person } from '#domain/live/views.ts'
import type { Instant } from '#domain/time.ts'
import { pauseOf, reachOf } from '#domain/on-call/reachability.ts'
import type { ReachFacts, Reachability } from '#domain/on-call/reachability.ts'

/** What open screens and paging channels know of a person. */
export interface ReachabilitySource {
  /** Null: nothing watches it. */
  facts(userId: UserId): ReachFacts | null
}

export const reachabilityOf = (source: ReachabilitySource, person: Person, now: Instant): Reachability => {
  const facts = source.facts(person.userId)
  if (facts === null) return { person, reach: 'unknown', reasons: [] }
  const pause = pauseOf(facts.stations)
  return {
    person,
    ...reachOf(facts),
    provenAt: facts.path?.provenAt ?? null,
    shiftCheck: facts.shiftCheck ?? null,
    paused: pause === null ? null : { until: Math.round(now + pause.leftMs), episodeIds: [...pause.episodeIds] },
    readiness: facts.readiness ?? null,
  }
}
