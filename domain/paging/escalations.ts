import type { Person } from '../live/views.ts'
import type { PageEvent } from './events.ts'
import { places, type EscalatedAlarm, type PagingFacts } from './facts.ts'
import { hasFailed, type LoggedPage, type PagingLog } from './log.ts'
import type { DutyPlace } from '../on-call/duty.ts'
import type { Page } from './page.ts'

export interface EscalationContext {
  readonly now: number
  readonly newNotificationId: () => string
}

interface Called {
  readonly place: DutyPlace
  readonly person: Person
}

const onDuty = ({ duty }: PagingFacts): readonly Called[] =>
  places.flatMap((place) => {
    const { person } = duty[place]
    return person === null ? [] : [{ place, person }]
  })

/** The places above whoever was asked last and whoever has it, in their order; without any, the topmost other person. */
const above = (alarm: EscalatedAlarm, facts: PagingFacts, log: PagingLog): readonly Called[] => {
  const others = onDuty(facts).filter(
    ({ person }) => person.userId !== alarm.by.userId && person.userId !== alarm.owner?.userId,
  )
  const held = onDuty(facts).findLast(({ person }) => person.userId === alarm.owner?.userId)?.place
  const told = log.pages.findLast(
    ({ page, about }) => page.kind === 'alarm' && about.some(({ episodeId }) => episodeId === alarm.episodeId),
  )?.page.place
  const reached = Math.max(
    held === undefined ? -1 : places.indexOf(held),
    told === undefined ? -1 : places.indexOf(told),
  )
  const higher = others.filter(({ place }) => places.indexOf(place) > reached)
  return higher.length > 0 ? higher : others.slice(-1)
}

const pagesOf = (log: PagingLog, { episodeId, at }: EscalatedAlarm): readonly LoggedPage[] => {
  const heard = log.escalated.find((one) => one.episodeId === episodeId && one.askedAt === at)
  return heard === undefined
    ? []
    : log.pages.filter(
        ({ page }) => page.kind === 'escalation' && page.at >= heard.at && page.episodeIds.includes(episodeId),
      )
}

/** Who is to be paged now because of it; null: nobody more. */
const calls = (alarm: EscalatedAlarm, facts: PagingFacts, log: PagingLog): Called | null => {
  const { to } = alarm
  const tried = pagesOf(log, alarm)
  if (to !== null) {
    const place = onDuty(facts).find(({ person }) => person.userId === to.userId)?.place ?? 'backup'
    return tried.length === 0 && facts.mayPage(to.userId) ? { place, person: to } : null
  }
  const last = tried.at(-1)
  if (last !== undefined && !hasFailed(last)) return null
  const known = new Set(tried.map(({ userId }) => userId))
  return above(alarm, facts, log).find(({ person }) => !known.has(person.userId)) ?? null
}

/**
 * Somebody wants others to be asked now. A named person is paged once; whoever is next, until a page gets through or nobody is left.
 * Owner and priority stay, and the order of paging goes on beside it.
 */
export const escalationSteps = (
  facts: PagingFacts,
  log: PagingLog,
  { now, newNotificationId }: EscalationContext,
): readonly PageEvent[] =>
  facts.escalated.flatMap((alarm): readonly PageEvent[] => {
    const { episodeId, version, priority, at: askedAt } = alarm
    const isNew = !log.escalated.some((one) => one.episodeId === episodeId && one.askedAt === askedAt)
    const called = calls(alarm, facts, log)
    const heard: PageEvent = { type: 'escalation-heard', at: now, episodeId, askedAt, to: called?.person ?? null }
    if (called === null) return isNew ? [heard] : []
    const page: Page = {
      notificationId: newNotificationId(),
      thread: facts.thread,
      kind: 'escalation',
      episodeIds: [episodeId],
      priority,
      place: called.place,
      attempt: 1,
      ward: null,
      simulated: facts.simulated,
      at: now,
      ...(alarm.flood === undefined ? {} : { flood: alarm.flood }),
    }
    const queued: PageEvent = { type: 'page-queued', at: now, page, to: called.person, about: [{ episodeId, version }] }
    return isNew ? [heard, queued] : [queued]
  })
