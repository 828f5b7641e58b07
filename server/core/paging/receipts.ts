import type { EpisodeId, UserId } from '#domain/ids.ts'
import type { PageEvent, PageRoot } from '#domain/paging/events.ts'
import { places, type PagingFacts } from '#domain/paging/facts.ts'
import type { PagingLog } from '#domain/paging/log.ts'
import { standsSince } from '#domain/paging/noticed.ts'

type Noticed = Extract<PageEvent, { type: 'page-noticed' }>
export type Receipt = Pick<Noticed, 'userId' | 'kind' | 'station'>

/** What is to be taken down of a receipt. */
export type Taken = readonly (readonly [PageRoot, Noticed])[]

type Roots = ReadonlyMap<PageRoot, { readonly log: PagingLog }>

const stepOf = ({ kind }: Receipt): 'audible' | 'viewed' => (kind === 'viewed' ? 'viewed' : 'audible')

const rootOfPage = (roots: Roots, notificationId: string, userId: UserId): PageRoot | null => {
  for (const [root, { log }] of roots)
    if (log.pages.some(({ page, userId: to }) => page.notificationId === notificationId && to === userId)) return root
  return null
}

export const addresseeOf = (roots: Roots, notificationId: string): UserId | null => {
  for (const { log } of roots.values()) {
    const logged = log.pages.find(({ page }) => page.notificationId === notificationId)
    if (logged !== undefined) return logged.userId
  }
  return null
}

/** A receipt of a page. Null: that person was not sent it, or nobody is being asked about it now. A repetition says nothing new. */
export const pageReceipt = (roots: Roots, notificationId: string, receipt: Receipt, at: number): Taken | null => {
  const { userId } = receipt
  const root = rootOfPage(roots, notificationId, userId)
  const log = root === null ? undefined : roots.get(root)?.log
  const last = log?.pages.findLast((logged) => logged.userId === userId)
  if (root === null || log === undefined || last === undefined) return null
  const before = log.noticed[userId]?.[stepOf(receipt)] ?? -Infinity
  return before >= last.page.at ? [] : [[root, { type: 'page-noticed', at, notificationId, ...receipt }]]
}

const noticeOf = (
  { asked, duty }: PagingFacts,
  log: PagingLog,
  episodeIds: readonly EpisodeId[],
  receipt: Receipt,
  at: number,
): Noticed | null => {
  const { userId } = receipt
  const onDuty = places.map((place) => duty[place].person).find((person) => person?.userId === userId)
  const name = onDuty?.name ?? log.pages.findLast((page) => page.userId === userId)?.name
  if (name === undefined) return null
  const known = log.noticed[userId]?.alarms ?? {}
  const told = asked
    .filter(({ episodeId }) => episodeIds.includes(episodeId))
    .filter((alarm) => (known[alarm.episodeId]?.[stepOf(receipt)] ?? -Infinity) < standsSince(alarm))
    .map(({ episodeId }) => episodeId)
  return told.length === 0
    ? null
    : { type: 'page-noticed', at, notificationId: null, episodeIds: told, name, ...receipt }
}

/**
 * A receipt of alarms at a station, one for each root. It counts of whoever is asked about them: on call in a place, or paged already. Null:
 * it says nothing new of an alarm that somebody is asked about.
 */
export const alarmReceipts = (
  roots: Roots,
  rootOf: (episodeId: EpisodeId) => PageRoot | null,
  factsOf: (root: PageRoot) => PagingFacts,
  episodeIds: readonly EpisodeId[],
  receipt: Receipt,
  at: number,
): Taken | null => {
  const taken = [...Map.groupBy(episodeIds, rootOf)].flatMap(([root, ids]): Taken => {
    const log = root === null ? undefined : roots.get(root)?.log
    if (root === null || log === undefined) return []
    const event = noticeOf(factsOf(root), log, ids, receipt, at)
    return event === null ? [] : [[root, event]]
  })
  return taken.length === 0 ? null : taken
}
