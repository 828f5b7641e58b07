import { EpisodeId, UserId } from '#domain/ids.ts'
import type { Page } from '#domain/paging/page.ts'

export const oseiId = UserId.parse('u-osei')
export const lindId = UserId.parse('u-lind')

export const pageOf = (changes: Partial<Page> = {}): Page => ({
  notificationId: 'n-1',
  kind: 'alarm',
  episodeIds: [EpisodeId.parse('e-1')],
  priority: 'high',
  place: 'primary',
  attempt: 1,
  ward: 'North 12',
  simulated: false,
  at: Date.UTC(2026, 0, 5, 8),
  ...changes,
})
