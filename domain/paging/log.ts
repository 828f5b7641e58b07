import type { Priority } from '../alarm/codes.ts'
import type { EpisodeId, UserId } from '../ids.ts'
import type { DutyPlace } from '../on-call/duty.ts'
import type { PageEvent, PassReason, Question } from './events.ts'
import { withNotice, type Noticed } from './noticed.ts'
import type { Page } from './page.ts'

/** One page, and how far it got. */
export interface LoggedPage {
  readonly page: Page
  readonly about: readonly Question[]
  readonly userId: UserId
  readonly name: string
  readonly state: 'queued' | 'sent' | 'undeliverable' | 'timed-out' | 'withdrawn'
  readonly attemptedAt: number | null
}

/** A place in which nobody could be asked. */
export interface PassedPlace {
  readonly place: DutyPlace
  readonly reason: PassReason
  readonly at: number
  readonly priority: Priority
  readonly about: readonly Question[]
}

/** What was done about a root since it was last at rest. A fold of its page events and of nothing else. */
export interface PagingLog {
  /** In order of their queueing. */
  readonly pages: readonly LoggedPage[]
  readonly passed: readonly PassedPlace[]
  readonly noticed: Readonly<Record<UserId, Noticed>>
  /** Calls for others that were heard. */
  readonly escalated: readonly { readonly episodeId: EpisodeId; readonly askedAt: number; readonly at: number }[]
  readonly declined: readonly { readonly episodeId: EpisodeId; readonly by: UserId; readonly at: number }[]
}

export const emptyLog: PagingLog = { pages: [], passed: [], noticed: {}, escalated: [], declined: [] }

// An alarm that nobody answers for days must not fill the memory: the first few say when it began, the last ones what is going on.
const keptFirst = 32
const keptLast = 224

const bounded = <T>(list: readonly T[]): readonly T[] =>
  list.length <= keptFirst + keptLast ? list : [...list.slice(0, keptFirst), ...list.slice(-keptLast)]

const withPage = (log: PagingLog, id: string, change: Partial<LoggedPage>): PagingLog => ({
  ...log,
  pages: log.pages.map((logged) => (logged.page.notificationId === id ? { ...logged, ...change } : logged)),
})

export const takeDown = (log: PagingLog, event: PageEvent): PagingLog => {
  switch (event.type) {
    case 'page-queued': {
      const { page, to, about } = event
      const queued: LoggedPage = { page, about, ...to, state: 'queued', attemptedAt: null }
      return { ...log, pages: bounded([...log.pages, queued]) }
    }
    case 'place-passed': {
      const { place, reason, at, priority, about } = event
      return { ...log, passed: bounded([...log.passed, { place, reason, at, priority, about }]) }
    }
    case 'page-attempted':
      return withPage(log, event.notificationId, { state: event.outcome, attemptedAt: event.at })
    case 'page-withdrawn':
      return withPage(log, event.notificationId, { state: 'withdrawn' })
    case 'page-noticed': {
      const step = event.kind === 'viewed' ? 'viewed' : 'audible'
      const noticed = withNotice(log.noticed[event.userId], step, event.at, event.episodeIds ?? null)
      return { ...log, noticed: { ...log.noticed, [event.userId]: noticed } }
    }
    case 'alarm-declined': {
      const { episodeId, at } = event
      return { ...log, declined: bounded([...log.declined, { episodeId, at, by: event.by.userId }]) }
    }
    case 'escalation-heard': {
      const { episodeId, askedAt, at } = event
      return { ...log, escalated: bounded([...log.escalated, { episodeId, askedAt, at }]) }
    }
    case 'root-at-rest':
      return emptyLog
  }
}

export const hasFailed = ({ state }: LoggedPage): boolean => state === 'undeliverable' || state === 'timed-out'

/** Decided and not yet tried: what a restart has to send again, under the same id. */
export const waitingPages = (log: PagingLog): readonly LoggedPage[] =>
  log.pages.filter(({ state }) => state === 'queued')
