import type { PersonCommand } from '#domain/alarm/commands.ts'
import type { LiveCommand } from '#domain/live/messages.ts'
import type { Person } from '#domain/live/views.ts'

export interface Asker {
  readonly by: Person
  /** Server time, ms. */
  readonly at: number
  /** The colleague whom the act names; null when there is no such colleague, and then there is no command. */
  readonly to: Person | null
  /** May take an alarm from an owner who is there. */
  readonly fromAnybody: boolean
}

/** What a signed-in person sent, as a command of the engine. */
export const personCommand = ({ by, at, to, fromAnybody }: Asker, live: LiveCommand): PersonCommand | null => {
  const { episodeId, expectedVersion, requestId } = live
  const about = { at, episodeId, by, expectedVersion, requestId }
  switch (live.kind) {
    case 'accept':
    case 'withdraw':
    case 'take-over':
    case 'withdraw-hand-over':
    case 'check-in':
    case 'unshelve':
      return { ...about, type: live.kind }
    case 'seen':
      return { ...about, type: 'mark-seen' }
    case 'reject':
    case 'decline-hand-over':
      return { ...about, type: live.kind, reason: live.reason }
    case 'hand-over':
      return to === null ? null : { ...about, type: 'hand-over', to }
    case 'take-from':
      return { ...about, type: 'take-from', reason: live.reason, fromAnybody }
    case 'escalate':
      return to === null && live.to !== null ? null : { ...about, type: 'escalate', to, flood: live.flood }
    case 'shelve':
      return { ...about, type: 'shelve', reason: live.reason, until: at + live.minutes * 60_000 }
    case 'resolve':
      return { ...about, type: 'resolve', class: live.class, finding: live.finding, note: live.note }
  }
}
