import type { AlarmView } from '#domain/live/views.ts'

/** Which dialog of the queue is open. */
export type OpenDialog = {
  readonly name:
    | 'close-out'
    | 'cant-take'
    | 'cant-take-over'
    | 'hand-over'
    | 'note'
    | 'escalate'
    | 'shelve'
    | 'take-from'
  readonly alarm: AlarmView
} | null
