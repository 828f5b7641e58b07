import type { PersonCommand } from '#domain/alarm/commands.ts'
import type { LiveCommand } from '#domain/live/messages.ts'
import type { Person } from '#domain/live/views.ts'

/** What a signed-in person sent, as a command of the engine. `at`: server time, ms. */
export const personCommand = (by: Person, live: LiveCommand, at: number): PersonCommand => {
  const { episodeId, expectedVersion, requestId } = live
  const about = { at, episodeId, by, expectedVersion, requestId }
  switch (live.kind) {
    case 'accept':
    case 'withdraw':
      return { ...about, type: live.kind }
    case 'seen':
      return { ...about, type: 'mark-seen' }
    case 'reject':
      return { ...about, type: 'reject', reason: live.reason }
    case 'resolve':
      return { ...about, type: 'resolve', class: live.class, finding: live.finding, note: live.note }
  }
}
