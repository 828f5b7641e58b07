import type { Priority } from '../alarm/codes.ts'
import { comparePriority } from '../alarm/priority-rank.ts'
import type { UserId } from '../ids.ts'
import type { DutyPlace } from '../on-call/duty.ts'
import type { Question } from './events.ts'
import { places, type AskedAlarm } from './facts.ts'
import { hasFailed, type PagingLog } from './log.ts'
import type { PagedPriority } from './policy.ts'

/** One time a place was asked, or passed over. */
export interface Attempt {
  readonly place: DutyPlace
  readonly at: number
  /** Null: passed over. */
  readonly userId: UserId | null
  /** When it was known that the page did not get through; null: it did, or that is not known yet. */
  readonly failedAt: number | null
}

/** Whether one of these questions still waits for an answer. */
export const isOpen = (about: readonly Question[], asked: readonly AskedAlarm[]): boolean =>
  about.some((one) => asked.some(({ episodeId, version }) => episodeId === one.episodeId && version === one.version))

/**
 * What counts towards the most urgent unanswered alarms: pages at least as urgent that asked about one of them as it stands now.
 * A rise in priority therefore begins anew, and so does an alarm that was taken and given back.
 */
export const attemptsFor = (
  log: PagingLog,
  alarms: readonly AskedAlarm[],
  priority: PagedPriority,
): readonly Attempt[] => {
  const counts = (told: Priority, about: readonly Question[]): boolean =>
    comparePriority(told, priority) >= 0 && isOpen(about, alarms)
  const pages = log.pages
    .filter(({ page, state }) => page.kind !== 'reminder' && page.kind !== 'call' && state !== 'withdrawn')
    .filter(({ page, about }) => counts(page.priority, about))
    .map((logged): Attempt => {
      const { page, userId, attemptedAt } = logged
      return { place: page.place, at: page.at, userId, failedAt: hasFailed(logged) ? attemptedAt : null }
    })
  const passed = log.passed
    .filter(({ priority: told, about }) => counts(told, about))
    .map(({ place, at }): Attempt => ({ place, at, userId: null, failedAt: at }))
  return [...pages, ...passed].toSorted((a, b) => a.at - b.at)
}

const rank = (place: DutyPlace): number => places.indexOf(place)

/** Pages to this person in this place or a later one: a lead who also is the nurse on call is still asked as the lead. */
export const asked = (attempts: readonly Attempt[], userId: UserId, place: DutyPlace): readonly Attempt[] =>
  attempts.filter((attempt) => attempt.userId === userId && rank(attempt.place) >= rank(place))

export const isPassed = (attempts: readonly Attempt[], place: DutyPlace): boolean =>
  attempts.some((attempt) => attempt.userId === null && attempt.place === place)
