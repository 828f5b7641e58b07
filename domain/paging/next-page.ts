import type { Person } from '../live/views.ts'
import type { DutyPlace } from '../on-call/duty.ts'
import { ladderSteps } from './decide.ts'
import type { PageEvent } from './events.ts'
import { places, type PagingFacts } from './facts.ts'
import { takeDown, type PagingLog } from './log.ts'
import type { PagingPolicy } from './policy.ts'

/** The next page about a root's unanswered alarms, if nobody answers and nothing else changes. */
export interface NextPage {
  /** `again`: to somebody who was already asked. */
  readonly step: 'page' | 'again' | 'backup' | 'lead'
  readonly place: DutyPlace
  readonly to: Person
  readonly at: number
}

/** Places that are passed over, telephones that ring and looks without effect lie between two pages: never more than these. */
const looks = 24

const stepOf: Readonly<Record<DutyPlace, NextPage['step']>> = { primary: 'page', backup: 'backup', lead: 'lead' }

const pagesIn = (events: readonly PageEvent[]): readonly NextPage[] =>
  events.flatMap((event) => {
    if (event.type !== 'page-queued' || event.page.kind !== 'alarm') return []
    const { place, attempt } = event.page
    return [{ step: attempt > 1 ? ('again' as const) : stepOf[place], place, to: event.to, at: event.at }]
  })

/** Of pages that leave together, the one that reaches somebody new, the topmost of them. */
const foremost = (pages: readonly NextPage[]): NextPage | null => {
  const byPlace = pages.toSorted((a, b) => places.indexOf(b.place) - places.indexOf(a.place))
  return byPlace.find(({ step }) => step !== 'again') ?? byPlace[0] ?? null
}

/**
 * Found by letting the paging machine itself go on from here, so what is promised is what it will do. Null: no page will come, or
 * one is due already and this moment's look has not sent it.
 */
export const nextPage = (facts: PagingFacts, before: PagingLog, policy: PagingPolicy, now: number): NextPage | null => {
  let log = before
  let at = now
  for (let look = 0; look < looks; look += 1) {
    const steps = ladderSteps(facts, log, {
      policy,
      now: at,
      newNotificationId: () => `next-${look}`,
      leaving: new Set(),
    })
    const found = foremost(pagesIn(steps.events))
    if (found !== null) return found.at > now ? found : null
    // What was passed over makes the next place due at once.
    if (steps.events.length > 0) log = steps.events.reduce(takeDown, log)
    else if (!Number.isFinite(steps.nextDue)) return null
    else at = Math.max(at + 1, Math.ceil(steps.nextDue))
  }
  return null
}
