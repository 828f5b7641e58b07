import type { AlarmEvent } from '#domain/alarm/events.ts'
import type { EpisodeCondition } from '#domain/alarm/episode.ts'
import type { EpisodeId, UserId } from '#domain/ids.ts'
import { subjectKey, type AlarmJournal } from '#server/core/ports.ts'

export interface FinalEpisode {
  readonly episodeId: EpisodeId
  readonly subject: string
  condition: EpisodeCondition
  owner: UserId | null
  closed: boolean
}

export interface FinalEpisodes {
  readonly episodes: ReadonlyMap<EpisodeId, FinalEpisode>
  /** Where episodes went that were found to be another one. */
  readonly into: ReadonlyMap<EpisodeId, EpisodeId>
  /** `episode kind person`, of every act in the journal. */
  readonly acts: ReadonlySet<string>
  /** A second owner beside the first. */
  readonly twice: readonly string[]
  readonly count: number
}

const kindOf: Partial<Record<AlarmEvent['type'], string>> = {
  'episode-accepted': 'accept',
  'acceptance-withdrawn': 'withdraw',
  'episode-rejected': 'reject',
  'hand-over-offered': 'hand-over',
  'hand-over-taken': 'take-over',
  'hand-over-declined': 'decline-hand-over',
  'episode-resolved': 'resolve',
  'checked-in': 'check-in',
}

const ownerAfter = (owner: UserId | null, event: AlarmEvent): UserId | null => {
  if (event.type === 'episode-accepted' || event.type === 'hand-over-taken') return event.by.userId
  if (event.type === 'acceptance-withdrawn' || event.type === 'response-taken-back') return null
  if (event.type === 'acceptance-lapsed') return null
  return event.type === 'episode-rejected' && event.by.userId === owner ? null : owner
}

/** What the journal's file says in the end, read past the engine's own fold. */
export const readJournal = async (journal: Pick<AlarmJournal, 'readAll'>): Promise<FinalEpisodes> => {
  const episodes = new Map<EpisodeId, FinalEpisode>()
  const into = new Map<EpisodeId, EpisodeId>()
  const acts = new Set<string>()
  const twice: string[] = []
  let count = 0
  for await (const { subject, event } of journal.readAll(0)) {
    count += 1
    if (!('episodeId' in event)) continue
    const { episodeId } = event
    const act = kindOf[event.type]
    if (act !== undefined && 'by' in event) acts.add(`${episodeId} ${act} ${event.by.userId}`)
    if (event.type === 'episode-opened') {
      const { condition } = event
      episodes.set(episodeId, { episodeId, subject: subjectKey(subject), condition, owner: null, closed: false })
      continue
    }
    const one = episodes.get(episodeId)
    if (one === undefined) continue
    if (event.type === 'condition-changed') one.condition = event.condition
    if (event.type === 'episode-closed') one.closed = true
    if (event.type === 'episode-merged') {
      episodes.delete(episodeId)
      into.set(episodeId, event.into)
    }
    if (event.type === 'episode-accepted' && one.owner !== null && one.owner !== event.by.userId)
      twice.push(`${episodeId}: ${one.owner} has it and ${event.by.userId} gets it`)
    one.owner = ownerAfter(one.owner, event)
  }
  return { episodes, into, acts, twice, count }
}
