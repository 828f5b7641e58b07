import { z } from 'zod'
import { Priority } from '../alarm/codes.ts'
import { EpisodeId, UserId } from '../ids.ts'
import { Person } from '../live/views.ts'
import { DutyPlace } from '../on-call/duty.ts'
import { DeliveryNote, PassReason, type PageEvent } from './events.ts'
import type { AskedAlarm } from './facts.ts'
import type { LoggedPage, PagingLog } from './log.ts'
import type { NextPage } from './next-page.ts'
import { noticeOf, type AlarmStanding } from './noticed.ts'

// What people see of paging. All times are server time, ms since the epoch.

/** How far a page got. */
export const PageProgress = z.enum(['waiting', 'sent', 'heard', 'viewed', 'failed'])
export type PageProgress = z.infer<typeof PageProgress>

/** What the wall's row says of paging: what was done about its alarm and what comes, if nobody answers. */
export const PagedNote = z.object({
  episodeId: EpisodeId,
  /** The newest page and how far it got; null: nobody was paged yet. */
  last: z.object({ name: z.string(), place: DutyPlace, at: z.int(), progress: PageProgress }).nullable(),
  /** Who was asked beyond the nurse on call. For her the alarm stands on top of its priority. */
  beyond: z.array(z.object({ userId: UserId, place: DutyPlace })),
  /** Null: no page will come. `again`: to somebody who was asked already. */
  next: z.object({ step: z.enum(['page', 'again', 'backup', 'lead']), dueAt: z.int() }).nullable(),
})
export type PagedNote = Readonly<z.infer<typeof PagedNote>>

/** One page about an alarm, with its receipts. */
export const PageCall = z.object({
  notificationId: z.string(),
  /** `call`: by telephone. */
  kind: z.enum(['alarm', 'call', 'reminder', 'escalation']),
  to: Person,
  place: DutyPlace,
  priority: Priority,
  attempt: z.int().positive(),
  at: z.int(),
  state: z.enum(['queued', 'sent', 'undeliverable', 'timed-out', 'withdrawn']),
  deliveries: z.array(DeliveryNote),
  /** A device of this person made a sound, or showed it. */
  audibleAt: z.int().nullable(),
  viewedAt: z.int().nullable(),
  /** It left before the end of the hold-off, because no station of the nurse on call was audible and attended. */
  unattended: z.boolean(),
})
export type PageCall = z.infer<typeof PageCall>

export const AlarmPaging = z.object({
  /** Oldest first. */
  calls: z.array(PageCall),
  /** Places in which nobody could be asked. */
  passed: z.array(z.object({ place: DutyPlace, reason: PassReason, at: z.int() })),
  /** Who heard or looked at the alarm itself at a station, paged or not, oldest first; of each person the first time it stood so. */
  noticed: z.array(z.object({ by: Person, kind: z.enum(['audible', 'viewed']), at: z.int() })),
  /** Who is paged next if nobody answers; null: no page will come. */
  next: z.object({ place: DutyPlace, to: Person, at: z.int() }).nullable(),
})
export type AlarmPaging = z.infer<typeof AlarmPaging>

const progressOf = ({ state, userId, page }: LoggedPage, log: PagingLog, alarm: AlarmStanding): PageProgress => {
  const notice = noticeOf(log, userId, [alarm], page.at)
  if (notice !== 'none') return notice
  if (state === 'undeliverable' || state === 'timed-out') return 'failed'
  return state === 'sent' ? 'sent' : 'waiting'
}

const isAbout = (
  { page, state, about }: LoggedPage,
  { episodeId, version }: Pick<AskedAlarm, 'episodeId' | 'version'>,
) =>
  page.kind !== 'reminder' &&
  page.kind !== 'call' &&
  state !== 'withdrawn' &&
  about.some((one) => one.episodeId === episodeId && one.version === version)

/** Null: nobody was paged about it, and nobody will be. */
export const pagedNote = (
  log: PagingLog,
  alarm: AlarmStanding & Pick<AskedAlarm, 'version'>,
  next: NextPage | null,
): PagedNote | null => {
  const pages = log.pages.filter((page) => isAbout(page, alarm))
  const newest = pages.at(-1)
  if (newest === undefined && next === null) return null
  const beyond = new Map(
    pages.flatMap(({ userId, page: { kind, place } }) =>
      kind === 'escalation' || place !== 'primary' ? [[userId, place] as const] : [],
    ),
  )
  return {
    episodeId: alarm.episodeId,
    last:
      newest === undefined
        ? null
        : {
            name: newest.name,
            place: newest.page.place,
            at: newest.page.at,
            progress: progressOf(newest, log, alarm),
          },
    beyond: [...beyond].map(([userId, place]) => ({ userId, place })),
    next: next === null ? null : { step: next.step, dueAt: Math.round(next.at) },
  }
}

/** The story of one alarm's pages, from the events of its root. */
export const alarmPaging = (events: readonly PageEvent[], episodeId: EpisodeId): Omit<AlarmPaging, 'next'> => {
  const calls = new Map<string, PageCall>()
  const passed: AlarmPaging['passed'] = []
  const noticed: AlarmPaging['noticed'] = []
  for (const event of events) {
    const at = Math.round(event.at)
    switch (event.type) {
      case 'page-queued': {
        const { notificationId, kind, place, priority, attempt, episodeIds } = event.page
        if (kind === 'test' || !episodeIds.includes(episodeId)) break
        const unattended = event.unattended === true
        const about = { notificationId, kind, to: event.to, place, priority, attempt, at, unattended }
        calls.set(notificationId, { ...about, state: 'queued', deliveries: [], audibleAt: null, viewedAt: null })
        break
      }
      case 'place-passed':
        if (event.about.some((one) => one.episodeId === episodeId))
          passed.push({ place: event.place, reason: event.reason, at })
        break
      case 'page-attempted':
      case 'page-withdrawn': {
        const call = calls.get(event.notificationId)
        if (call === undefined) break
        if (event.type === 'page-withdrawn') call.state = 'withdrawn'
        else Object.assign(call, { state: event.outcome, deliveries: event.deliveries })
        break
      }
      case 'page-noticed': {
        const { userId, kind, name, episodeIds: told } = event
        if (told !== undefined && !told.includes(episodeId)) break
        if (told !== undefined && kind !== 'shown') noticed.push({ by: { userId, name: name ?? userId }, kind, at })
        const mine = [...calls.values()].filter(({ to }) => to.userId === event.userId)
        const call = calls.get(event.notificationId ?? '') ?? mine.at(-1)
        if (call === undefined) break
        if (event.kind === 'viewed') call.viewedAt ??= at
        else call.audibleAt ??= at
        break
      }
      case 'alarm-declined':
      case 'escalation-heard':
      case 'root-at-rest':
    }
  }
  return { calls: [...calls.values()], passed, noticed }
}
