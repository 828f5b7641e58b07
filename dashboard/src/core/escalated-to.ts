import type { EpisodeId, UserId } from '#domain/ids.ts'
import type { AlarmView } from '#domain/live/views.ts'
import type { PagedNote } from '#domain/paging/paging-view.ts'

/**
 * The open alarms about which this person was asked beyond the nurse on call: by the order of paging, or by a colleague. What she has
 * herself needs no pointing out.
 */
export const escalatedTo = (
  me: UserId | null,
  alarms: Iterable<Pick<AlarmView, 'episodeId' | 'escalated' | 'owner'>>,
  paged: ReadonlyMap<EpisodeId, Pick<PagedNote, 'beyond'>>,
): readonly EpisodeId[] =>
  me === null
    ? []
    : [...alarms].flatMap(({ episodeId, escalated, owner }) => {
        const asked =
          escalated?.to?.userId === me || paged.get(episodeId)?.beyond.some(({ userId }) => userId === me) === true
        return asked && owner?.userId !== me ? [episodeId] : []
      })
