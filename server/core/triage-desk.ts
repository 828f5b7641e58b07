import type { AlarmEvent } from '#domain/alarm/events.ts'
import type { TriageRecord, TriageVersion } from '#domain/alarm/triage.ts'
import type { EpisodeId } from '#domain/ids.ts'
import type { Person } from '#domain/live/views.ts'

/** What somebody wants to write down. `expectedVersion`: the version it amends, 0 for the first. */
export interface TriageWrite {
  readonly episodeId: EpisodeId
  readonly expectedVersion: number
  readonly requestId: string
  readonly record: TriageRecord
}

export type TriageReply =
  | { readonly outcome: 'ok' | 'conflict'; readonly triage: readonly TriageVersion[] }
  | { readonly outcome: 'unknown' }

export interface TriageDesk {
  /** Resolves after COMMIT, with every version there is. */
  record(by: Person, write: TriageWrite): Promise<TriageReply>
}

/** Every version of an alarm's triage record, oldest first. */
export const triageOf = (events: readonly AlarmEvent[], episodeId: EpisodeId): readonly TriageVersion[] =>
  events.flatMap((event) =>
    event.type === 'triage-recorded' && event.episodeId === episodeId
      ? [{ version: event.version, at: Math.round(event.at), by: event.by, record: event.record }]
      : [],
  )
