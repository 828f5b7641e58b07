import type { Episode, EpisodeResponse } from '#domain/alarm/episode.ts'
import type { EpisodeId, HubId } from '#domain/ids.ts'
import type { AlarmIndex } from './alarm-index.ts'
import type { AcceptedHigh } from './ports.ts'

/** Owned, or resolved without having been taken. */
const isAnswered = ({ owner, state }: EpisodeResponse): boolean => owner !== null || state === 'resolved'

/** What hubs are told of the answers to their alarms. */
export const answeredAlarms = (index: Pick<AlarmIndex, 'openOfHub'>): AcceptedHigh => {
  const idsOf = (hubId: HubId, wanted: (episode: Episode) => boolean): readonly EpisodeId[] =>
    [...index.openOfHub(hubId)]
      .filter(wanted)
      .flatMap(({ episodeId, condition }) => [episodeId, ...condition.aliases.filter((id) => id !== episodeId)])
  return {
    acceptedHigh: (hubId) => idsOf(hubId, ({ shown, response }) => shown.priority === 'high' && isAnswered(response)),
    closedOut: (hubId) => idsOf(hubId, ({ condition, response }) => condition.open && response.resolution !== null),
  }
}
