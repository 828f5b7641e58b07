import type { UserId } from '#domain/ids.ts'
import type { Person } from '#domain/live/views.ts'
import { reachOf } from '#domain/on-call/reachability.ts'
import type { ReachFacts, Reachability } from '#domain/on-call/reachability.ts'

/** What open screens and paging channels know of a person. */
export interface ReachabilitySource {
  /** Null: nothing watches it. */
  facts(userId: UserId): ReachFacts | null
}

export const reachabilityOf = (source: ReachabilitySource, person: Person): Reachability => {
  const facts = source.facts(person.userId)
  if (facts === null) return { person, reach: 'unknown', reasons: [] }
  return { person, ...reachOf(facts), provenAt: facts.path?.provenAt ?? null, shiftCheck: facts.shiftCheck ?? null }
}
