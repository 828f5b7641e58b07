import type { PersonCommand } from '#domain/alarm/commands.ts'
import type { LiveCommand } from '#domain/live/messages.ts'
import type { Person } from '#domain/live/views.ts'

/**
 * What a signed-in person sent, as a command of the engine. `at`: server time, ms. `to`: the colleague whom a hand-over names;
 * null when there is no such colleague, and then there is no command.
 */
export const personCommand = (by: Person, live: LiveCommand, at: number, to: Person | null): PersonCommand | null => {
  const { episodeId, expectedVersion, requestId } = live
  const about = { at, episodeId, by, expectedVersion, requestId }
  switch (live.kind) {
    case 'accept':
    case 'withdraw':
    case 'take-over':
    case 'withdraw-hand-over':
      return { ...about, type: live.kind }
    case 'seen':
      return { ...about, type: 'mark-seen' }
    case 'reject':
    case 'decline-hand-over':
      return { ...about, type: live.kind, reason: live.reason }
    case 'hand-over':
      return to === null ? null : { ...about, type: 'hand-over', to }
    case 'resolve':
      return { ...about, type: 'resolve', class: live.class, finding: live.finding, note: live.note }
  }
}
