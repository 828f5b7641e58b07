import type { AlarmEvent } from '#domain/alarm/events.ts'

/** What happened to an alarm, in one word for charts. */
export type AlarmPhase =
  | 'opened'
  | 'ended'
  | 'started-again'
  | 'priority-changed'
  | 'unanswered'
  | 'merged'
  | 'seen'
  | 'accepted'
  | 'withdrawn'
  | 'rejected'
  | 'handed-over'
  | 'resolved'
  | 'taken-from'
  | 'escalated'
  | 'shelved'
  | 'unshelved'
  | 'check-in-missed'
  | 'lapsed'
  | 'taken-back'
  | 'closed'

/** Null: nothing that a chart counts. */
export const phaseOf = (event: AlarmEvent): AlarmPhase | null => {
  switch (event.type) {
    case 'episode-opened':
      return 'opened'
    case 'condition-changed':
      return event.change === 'ended' || event.change === 'started-again' ? event.change : null
    case 'priority-changed':
      return 'priority-changed'
    case 'unanswered-too-long':
      return 'unanswered'
    case 'episode-merged':
      return 'merged'
    case 'episode-seen':
      return 'seen'
    case 'episode-accepted':
      return 'accepted'
    case 'acceptance-withdrawn':
      return 'withdrawn'
    case 'episode-rejected':
      return 'rejected'
    case 'hand-over-taken':
      return 'handed-over'
    case 'episode-resolved':
      return 'resolved'
    case 'taken-from':
      return 'taken-from'
    case 'notification-escalated':
      return 'escalated'
    case 'alarm-shelved':
      return 'shelved'
    case 'alarm-unshelved':
    case 'shelf-ended':
      return 'unshelved'
    case 'check-in-missed':
      return 'check-in-missed'
    case 'acceptance-lapsed':
      return 'lapsed'
    case 'response-taken-back':
      return 'taken-back'
    case 'episode-closed':
      return 'closed'
    case 'report-noted':
    case 'reports-folded':
    case 'link-lost':
    case 'link-regained':
    case 'clock-put-back':
    case 'criticality-set':
    case 'hand-over-offered':
    case 'hand-over-declined':
    case 'hand-over-withdrawn':
    case 'checked-in':
    case 'check-in-put-back':
    case 'owner-gone':
    case 'owner-back':
    case 'triage-recorded':
      return null
  }
}
