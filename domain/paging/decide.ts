import type { UserId } from '../ids.ts'
import type { Person } from '../live/views.ts'
import type { DutyPlace } from '../on-call/duty.ts'
import { attemptsFor, isOpen, type Attempt } from './attempts.ts'
import { callSteps } from './calls.ts'
import { escalationSteps } from './escalations.ts'
import type { PageEvent } from './events.ts'
import { places, type AskedAlarm, type PagingFacts } from './facts.ts'
import { lastResort, rungsOf } from './ladder.ts'
import { emptyLog, takeDown, waitingPages, type LoggedPage, type PagingLog } from './log.ts'
import type { Page } from './page.ts'
import type { PagedPriority, PagingPolicy } from './policy.ts'
import { reminderSteps } from './reminders.ts'

/** A page names no more alarms than this; the root stands for the rest. */
export const namedAlarms = 16

export interface PagingContext {
  readonly policy: PagingPolicy
  /** Whole ms of the paging clock. */
  readonly now: number
  readonly newNotificationId: () => string
  /** Pages that are on their way at this moment: too late to withdraw. */
  readonly leaving: ReadonlySet<string>
}

export interface PagingDecision {
  readonly events: readonly PageEvent[]
  /** When to look again; null: nothing waits for time. */
  readonly nextDue: number | null
  /** Alarms wait and nobody on call exists whom they may page. */
  readonly nobody: boolean
  /** The first page waits for the end of the hold-off. */
  readonly holdsOff: boolean
}

export interface Steps {
  readonly events: readonly PageEvent[]
  readonly nextDue: number
  readonly holdsOff: boolean
}

const mostUrgent = (asked: readonly AskedAlarm[]): readonly AskedAlarm[] =>
  asked.toSorted((a, b) => Number(b.priority === 'high') - Number(a.priority === 'high') || a.since - b.since)

/** Whether somebody still has to be told what this page says. A page re-reads the state before it leaves. */
export const isWanted = (
  { page, userId, about }: Pick<LoggedPage, 'page' | 'userId' | 'about'>,
  { asked, owned, escalated }: PagingFacts,
): boolean => {
  if (page.kind === 'reminder')
    return owned.some(({ episodeId, owner }) => owner.userId === userId && page.episodeIds.includes(episodeId))
  // Whoever takes it meanwhile wants help, too.
  if (page.kind === 'escalation') return escalated.some(({ episodeId }) => page.episodeIds.includes(episodeId))
  return isOpen(about, asked)
}

const withdrawals = (facts: PagingFacts, log: PagingLog, { now, leaving }: PagingContext): readonly PageEvent[] =>
  waitingPages(log)
    .filter((waiting) => !isWanted(waiting, facts) && !leaving.has(waiting.page.notificationId))
    .map(({ page }) => ({ type: 'page-withdrawn', at: now, notificationId: page.notificationId }))

const declines = ({ asked }: PagingFacts, log: PagingLog): readonly PageEvent[] =>
  asked.flatMap(({ episodeId, declined }): readonly PageEvent[] => {
    if (declined === null) return []
    const { by, at } = declined
    const known = log.declined.some((one) => one.by === by.userId && one.episodeId === episodeId && one.at === at)
    return known ? [] : [{ type: 'alarm-declined', at, episodeId, by }]
  })

const pageOf = (
  kind: 'alarm' | 'call',
  facts: PagingFacts,
  priority: PagedPriority,
  place: DutyPlace,
  attempt: number,
  context: PagingContext,
): Page => ({
  notificationId: context.newNotificationId(),
  thread: facts.thread,
  kind,
  episodeIds: mostUrgent(facts.asked)
    .slice(0, namedAlarms)
    .map(({ episodeId }) => episodeId),
  priority,
  place,
  attempt,
  ward: null,
  simulated: facts.simulated,
  at: context.now,
})

const timesAsked = (attempts: readonly Attempt[], userId: UserId): number =>
  attempts.filter((attempt) => attempt.userId === userId).length

/** Where the root's most urgent unanswered alarms stand; null: none is unanswered. */
const standing = (facts: PagingFacts, log: PagingLog, policy: PagingPolicy, now: number) => {
  const [top] = mostUrgent(facts.asked)
  if (top === undefined) return null
  const { priority } = top
  const ladder = policy[priority]
  const alarms = facts.asked.filter((alarm) => alarm.priority === priority)
  const attempts = attemptsFor(log, alarms, priority)
  const holdOffMs = facts.critical ? ladder.holdOffCriticalMs : ladder.holdOffMs
  const dueAfter = (waitMs: number): number =>
    Math.min(...alarms.map(({ askedAt, since }) => Math.max(askedAt, since + waitMs)))
  const dueAt = dueAfter(facts.unattended ? Math.min(holdOffMs, ladder.holdOffUnattendedMs) : holdOffMs)
  // Places and repetitions count from the first page, however late that is.
  const from = attempts[0]?.at ?? Math.max(now, dueAt)
  const rungs = rungsOf({ duty: facts.duty, alarms, log, attempts, from }, ladder)
  const isEarly = attempts.length === 0 && now < dueAfter(holdOffMs)
  return { priority, ladder, alarms, attempts, from, rungs, isEarly, resort: lastResort(rungs, attempts, policy) }
}

/** What is due at this moment, without what follows from it. */
export const ladderSteps = (facts: PagingFacts, log: PagingLog, context: PagingContext): Steps => {
  const { policy, now } = context
  const where = standing(facts, log, policy, now)
  if (where === null) return { events: [], nextDue: Infinity, holdsOff: false }
  const { priority, attempts, from, rungs, resort, alarms, ladder, isEarly } = where
  if (from > now) return { events: [], nextDue: from, holdsOff: attempts.length === 0 }
  const about = mostUrgent(facts.asked)
    .slice(0, namedAlarms)
    .map(({ episodeId, version }) => ({ episodeId, version }))
  const due = rungs.filter(({ actsAt }) => actsAt <= now)
  const passed = due.flatMap(({ place, passReason: reason }): readonly PageEvent[] => {
    return reason === null ? [] : [{ type: 'place-passed', at: now, place, reason, priority, about }]
  })
  // One page per person, in the last of her places that is due.
  const called = new Map<UserId, { place: DutyPlace; person: Person }>()
  for (const { place, person, passReason } of due)
    if (person !== null && passReason === null) called.set(person.userId, { place, person })
  if (resort !== null && resort.actsAt <= now) called.set(resort.person.userId, resort)
  const pages = [...called.values()].map(({ place, person }): PageEvent => {
    const page = pageOf('alarm', facts, priority, place, timesAsked(attempts, person.userId) + 1, context)
    return { type: 'page-queued', at: now, page, to: person, about, ...(isEarly ? { unattended: true } : {}) }
  })
  const calls = callSteps(facts, log, {
    now,
    priority,
    alarms,
    ladder,
    about,
    pageTo: (place, attempt) => pageOf('call', facts, priority, place, attempt, context),
  })
  const later = [...rungs.map(({ actsAt }) => actsAt), resort?.actsAt ?? Infinity].filter((at) => at > now)
  const nextDue = Math.min(now + policy.exhaustedAgainMs, calls.nextDue, ...later)
  return { events: [...passed, ...pages, ...calls.events], nextDue, holdsOff: false }
}

/**
 * What is to be done about one root now, from what is the case and what was done: no memory of its own, so a restart decides the same.
 * Its events are to be committed before a page leaves.
 */
export const decidePaging = (facts: PagingFacts, before: PagingLog, context: PagingContext): PagingDecision => {
  const first = [...declines(facts, before), ...withdrawals(facts, before, context)]
  const events: PageEvent[] = [...first]
  let log = first.reduce(takeDown, before)
  const calls = escalationSteps(facts, log, context)
  events.push(...calls)
  log = calls.reduce(takeDown, log)
  let steps = ladderSteps(facts, log, context)
  // A place that is passed over makes the next one due at once.
  for (let round = 0; steps.events.length > 0 && round <= places.length; round += 1) {
    events.push(...steps.events)
    log = steps.events.reduce(takeDown, log)
    steps = ladderSteps(facts, log, context)
  }
  const reminders = reminderSteps(facts, log, context)
  events.push(...reminders.events)
  if (facts.asked.length + facts.owned.length + facts.escalated.length === 0) {
    const isQuiet = log === emptyLog || waitingPages(log).length > 0
    return {
      events: isQuiet ? events : [...events, { type: 'root-at-rest', at: context.now }],
      nextDue: null,
      nobody: false,
      holdsOff: false,
    }
  }
  const nextDue = Math.min(steps.nextDue, reminders.nextDue)
  const nobody = facts.asked.length > 0 && places.every((place) => facts.duty[place].person === null)
  return { events, nextDue: Number.isFinite(nextDue) ? nextDue : null, nobody, holdsOff: steps.holdsOff }
}
