import type { EpisodeId } from '../ids.ts'
import type { Person } from '../live/views.ts'
import type { AlarmEvent } from './events.ts'

/** Somebody was faster, or the alarm changed: the nurse is told who and when, and decides again. */
export interface Conflict {
  readonly outcome: 'conflict'
  readonly episodeId: EpisodeId
  readonly reason: 'taken' | 'resolved' | 'closed' | 'changed'
  /** Null: not a person; the alarm rose or came back. */
  readonly by: Person | null
  readonly at: number | null
}

export interface Refusal {
  readonly outcome: 'refused'
  readonly reason:
    | 'unknown-episode'
    | 'not-yours'
    | 'not-offered'
    | 'to-yourself'
    | 'request-id-reused'
    | 'nobody-has-it'
    | 'owner-is-there'
    | 'only-low'
    | 'too-long'
}

/** Only people's commands are ever refused. No events: nothing changed, or it was known already. */
export type Decision = { readonly outcome: 'ok'; readonly events: readonly AlarmEvent[] } | Conflict | Refusal
