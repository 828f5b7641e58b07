import type { AlarmCode, Priority } from '../alarm/codes.ts'
import { higherPriority } from '../alarm/priority-rank.ts'
import type { AlarmEvent } from '../alarm/events.ts'
import type { EpisodeId, PumpId } from '../ids.ts'
import type { ResolveClass } from '../live/views.ts'

/** What became of one alarm. Times are server time, ms; null: it did not happen yet. */
export interface AlarmFacts {
  readonly episodeId: EpisodeId
  /** Null: of a hub or of the site. */
  readonly pumpId: PumpId | null
  readonly code: AlarmCode
  /** The highest it was shown with. */
  priority: Priority
  simulated: boolean
  startedAt: number
  endedAt: number | null
  /** When the server had it: people are measured from here. */
  readonly toldAt: number
  seenAt: number | null
  acceptedAt: number | null
  resolvedAt: number | null
  recurrence: number
  class: ResolveClass | null
}

/** Reads the journal's events in their order. An alarm counts from its opening; one that was merged into another is part of it. */
export class AlarmFactsBook {
  readonly #facts = new Map<EpisodeId, AlarmFacts>()

  all(): readonly AlarmFacts[] {
    return [...this.#facts.values()]
  }

  take(pumpId: PumpId | null, event: AlarmEvent): void {
    if (event.type === 'episode-opened') {
      const { episodeId, condition, shown, at } = event
      this.#facts.set(episodeId, {
        episodeId,
        pumpId,
        code: condition.code,
        priority: shown.priority,
        simulated: condition.simulated,
        startedAt: condition.startedAt,
        endedAt: condition.endedAt,
        toldAt: at,
        seenAt: null,
        acceptedAt: null,
        resolvedAt: null,
        recurrence: condition.recurrence,
        class: null,
      })
      return
    }
    const facts = 'episodeId' in event ? this.#facts.get(event.episodeId) : undefined
    if (facts !== undefined) this.#follow(facts, event)
  }

  #follow(facts: AlarmFacts, event: AlarmEvent): void {
    switch (event.type) {
      case 'condition-changed':
        facts.startedAt = event.condition.startedAt
        facts.endedAt = event.condition.endedAt
        facts.recurrence = event.condition.recurrence
        facts.simulated = event.condition.simulated
        return
      case 'priority-changed':
        facts.priority = higherPriority(facts.priority, event.shown.priority)
        return
      case 'episode-seen':
        facts.seenAt ??= event.at
        return
      case 'episode-accepted':
        // Whoever takes an alarm has seen it.
        facts.seenAt ??= event.at
        facts.acceptedAt ??= event.at
        return
      case 'episode-resolved':
        facts.seenAt ??= event.at
        facts.resolvedAt = event.at
        facts.class = event.resolution.class
        return
      case 'triage-recorded':
        facts.class = event.record.class ?? facts.class
        return
      case 'episode-merged':
        this.#facts.delete(facts.episodeId)
        return
      case 'episode-opened':
      case 'report-noted':
      case 'reports-folded':
      case 'link-lost':
      case 'link-regained':
      case 'clock-put-back':
      case 'criticality-set':
      case 'unanswered-too-long':
      case 'acceptance-withdrawn':
      case 'episode-rejected':
      case 'hand-over-offered':
      case 'hand-over-taken':
      case 'hand-over-declined':
      case 'hand-over-withdrawn':
      case 'response-taken-back':
      case 'checked-in':
      case 'taken-from':
      case 'notification-escalated':
      case 'alarm-shelved':
      case 'alarm-unshelved':
      case 'shelf-ended':
      case 'check-in-missed':
      case 'check-in-put-back':
      case 'acceptance-lapsed':
      case 'owner-gone':
      case 'owner-back':
      case 'episode-closed':
    }
  }
}
