import type { AlarmEvent } from '#domain/alarm/events.ts'
import type { EpisodeId } from '#domain/ids.ts'
import type { AlarmHistoryEntry } from '#domain/live/views.ts'

/** The story of one episode out of its subject's events, oldest first. Reports and links belong to no single episode. */
export const episodeHistory = (events: readonly AlarmEvent[], episodeId: EpisodeId): readonly AlarmHistoryEntry[] =>
  events.flatMap((event) => {
    const concerns =
      ('episodeId' in event && event.episodeId === episodeId) ||
      (event.type === 'episode-merged' && event.into === episodeId)
    return concerns ? entryOf(event) : []
  })

const line = (
  event: Pick<AlarmEvent, 'at'>,
  what: string,
  detail: AlarmHistoryEntry['detail'] = {},
  by: AlarmHistoryEntry['by'] = null,
): readonly AlarmHistoryEntry[] => [{ at: Math.round(event.at), what, by, detail }]

const entryOf = (event: AlarmEvent): readonly AlarmHistoryEntry[] => {
  switch (event.type) {
    case 'episode-opened':
      return line(event, 'opened', {
        code: event.condition.code,
        priority: event.shown.priority,
        late: event.condition.cameLate,
        startedAt: Math.round(event.condition.startedAt),
        uncertaintyMs: event.condition.uncertaintyMs,
      })
    case 'condition-changed':
      return line(event, event.change, { recurrence: event.condition.recurrence })
    case 'priority-changed':
      return line(event, 'priority-changed', {
        from: event.from.priority,
        to: event.shown.priority,
        source: event.shown.source,
      })
    case 'unanswered-too-long':
      return line(event, 'unanswered-too-long')
    case 'episode-merged':
      return line(event, 'merged', { episodeId: event.episodeId, into: event.into })
    case 'episode-seen':
      return line(event, 'seen', {}, event.by)
    case 'episode-accepted':
      return line(event, 'accepted', {}, event.by)
    case 'acceptance-withdrawn':
      return line(event, 'withdrawn', {}, event.by)
    case 'episode-rejected':
      return line(event, 'rejected', { reason: event.reason }, event.by)
    case 'hand-over-offered':
      return line(event, 'hand-over-offered', { to: event.to.name }, event.by)
    case 'hand-over-taken':
      return line(event, 'hand-over-taken', {}, event.by)
    case 'hand-over-declined':
      return line(event, 'hand-over-declined', { reason: event.reason }, event.by)
    case 'hand-over-withdrawn':
      return line(event, 'hand-over-withdrawn', {}, event.by)
    case 'episode-resolved':
      return line(
        event,
        'resolved',
        { class: event.resolution.class, finding: event.resolution.finding, note: event.resolution.note },
        event.by,
      )
    case 'response-taken-back':
      return line(event, 'response-taken-back', { reason: event.reason }, event.owner)
    case 'checked-in':
      return line(event, 'checked-in', {}, event.by)
    case 'taken-from':
      return line(event, 'taken-from', { from: event.from.name, reason: event.reason }, event.by)
    case 'notification-escalated':
      return line(event, 'notification-escalated', { to: event.to?.name ?? null, flood: event.flood ?? null }, event.by)
    case 'alarm-shelved':
      return line(event, 'shelved', { reason: event.reason, until: Math.round(event.until) }, event.by)
    case 'alarm-unshelved':
      return line(event, 'unshelved', {}, event.by)
    case 'shelf-ended':
      return line(event, 'shelf-ended')
    case 'check-in-missed':
      return line(event, 'check-in-missed', { owner: event.owner.name })
    case 'acceptance-lapsed':
      return line(event, 'acceptance-lapsed', { owner: event.owner.name, why: event.why })
    case 'owner-gone':
    case 'owner-back':
      return line(event, event.type, { owner: event.owner.name })
    case 'triage-recorded':
      return line(
        event,
        'triage-recorded',
        {
          version: event.version,
          spokeTo: event.record.spokeTo,
          finding: event.record.finding,
          class: event.record.class,
        },
        event.by,
      )
    case 'episode-closed':
      return line(event, 'closed', { why: event.why })
    case 'check-in-put-back':
    case 'report-noted':
    case 'reports-folded':
    case 'link-lost':
    case 'link-regained':
    case 'clock-put-back':
    case 'criticality-set':
      return []
  }
}
