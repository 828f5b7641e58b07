import type { UserId } from '../ids.ts'
import { attemptsFor, isOpen, type Attempt } from './attempts.ts'
import type { PageEvent, Question } from './events.ts'
import { places, type AskedAlarm, type PagingFacts } from './facts.ts'
import { declinedAll } from './ladder.ts'
import type { PagingLog } from './log.ts'
import { noticeOf } from './noticed.ts'
import type { Page } from './page.ts'
import type { Ladder, PagedPriority } from './policy.ts'

/** On call still, and with a telephone. */
const isCallable = ({ duty, mayPage, canCall }: PagingFacts, userId: UserId): boolean =>
  places.some((place) => duty[place].person?.userId === userId) && mayPage(userId) && canCall(userId)

export interface CallContext {
  readonly now: number
  readonly priority: PagedPriority
  /** The most urgent unanswered ones. */
  readonly alarms: readonly AskedAlarm[]
  readonly ladder: Ladder
  readonly about: readonly Question[]
  readonly pageTo: (place: Attempt['place'], attempt: number) => Page
}

/**
 * The telephone of whoever was paged and of whom nothing has come back: neither a sound nor a look. A call is no step of the ladder: who
 * is asked next, and when, does not depend on it.
 */
export const callSteps = (
  facts: PagingFacts,
  log: PagingLog,
  { now, priority, alarms, ladder, about, pageTo }: CallContext,
): { readonly events: readonly PageEvent[]; readonly nextDue: number } => {
  const events: PageEvent[] = []
  let nextDue = Infinity
  const attempts = attemptsFor(log, alarms, priority)
  for (const userId of new Set(attempts.flatMap((attempt) => attempt.userId ?? []))) {
    if (!isCallable(facts, userId) || declinedAll({ alarms, log }, userId)) continue
    const [first] = attempts.filter((attempt) => attempt.userId === userId)
    const last = log.pages.findLast((logged) => logged.userId === userId)
    if (first === undefined || last === undefined) continue
    if (noticeOf(log, userId, alarms, first.at) !== 'none') continue
    const calls = log.pages.filter(
      (logged) =>
        logged.page.kind === 'call' &&
        logged.userId === userId &&
        logged.state !== 'withdrawn' &&
        logged.page.at >= first.at &&
        isOpen(logged.about, alarms),
    )
    const before = calls.at(-1)
    const dueAt = before === undefined ? first.at + ladder.callMs : before.page.at + ladder.callAgainMs
    if (dueAt > now) {
      nextDue = Math.min(nextDue, dueAt)
      continue
    }
    const to = { userId, name: last.name }
    events.push({ type: 'page-queued', at: now, page: pageTo(first.place, calls.length + 1), to, about: [...about] })
    nextDue = Math.min(nextDue, now + ladder.callAgainMs)
  }
  return { events, nextDue }
}
