import type { EpisodeId, UserId } from '#domain/ids.ts'
import type { AlarmView, Person } from '#domain/live/views.ts'
import type { Duty } from '#domain/on-call/duty.ts'
import type { PagedNote, PageProgress } from '#domain/paging/paging-view.ts'
import { groupOf } from './alarm-order.ts'

/** Who was asked to join, by whom and when; how far the page got, as far as that is known. */
export interface AskedHelp {
  readonly episodeId: EpisodeId
  readonly by: Person
  readonly at: number
  readonly progress: PageProgress | 'not-paged' | null
}

export interface FloodHelp {
  /** Null: nobody else is on call. */
  readonly helper: Person | null
  /** The alarm with which she is asked; null: none goes on. */
  readonly about: AlarmView | null
  readonly asked: AskedHelp | null
}

export interface FloodFacts {
  /** In the queue's order. */
  readonly alarms: readonly AlarmView[]
  readonly paged: ReadonlyMap<EpisodeId, PagedNote>
  readonly teams: readonly { readonly duty: Pick<Duty, 'primary' | 'backup' | 'lead'> }[]
  readonly me: UserId | null
  readonly now: number
  readonly withinMs: number
}

/** A page is decided in the same second; after this long there is none. */
const pageComesMs = 5_000

/** Whoever else is on call can be asked to join, once in the time of a flood (dashboard.md 7). */
export const floodHelp = ({ alarms, paged, teams, me, now, withinMs }: FloodFacts): FloodHelp => {
  const helper =
    teams
      .flatMap(({ duty }) => [duty.backup, duty.lead, duty.primary])
      .find((person) => person !== null && person.userId !== me) ?? null
  const going = alarms.filter((alarm) => groupOf(alarm) !== 'ended' && alarm.resolved === null)
  const about = going.find((alarm) => groupOf(alarm) === 'unowned') ?? going[0] ?? null
  if (helper === null) return { helper, about, asked: null }
  const [newest] = alarms
    .flatMap(({ episodeId, escalated }) =>
      escalated?.flood !== undefined && escalated.to?.userId === helper.userId && escalated.at > now - withinMs
        ? [{ episodeId, by: escalated.by, at: escalated.at }]
        : [],
    )
    .toSorted((a, b) => b.at - a.at)
  if (newest === undefined) return { helper, about, asked: null }
  return { helper, about, asked: { ...newest, progress: progressOf(newest, helper, { alarms, paged, now }) } }
}

const progressOf = (
  { episodeId, at }: Pick<AskedHelp, 'episodeId' | 'at'>,
  helper: Person,
  { alarms, paged, now }: Pick<FloodFacts, 'alarms' | 'paged' | 'now'>,
): AskedHelp['progress'] => {
  // What becomes of pages is told of alarms that nobody has.
  const isTold = alarms.some((alarm) => alarm.episodeId === episodeId && groupOf(alarm) === 'unowned')
  if (!isTold) return null
  const note = paged.get(episodeId)
  if (note?.beyond.some(({ userId }) => userId === helper.userId) !== true)
    return now - at > pageComesMs ? 'not-paged' : null
  return note.last?.name === helper.name ? note.last.progress : null
}
