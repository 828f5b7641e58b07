import type { AlarmEvent } from '#domain/alarm/events.ts'
import type { AlarmState } from '#domain/alarm/state.ts'
import type { AlarmView } from '#domain/live/views.ts'
import type { Instant } from '#domain/time.ts'
import type { AlarmSubject } from './ports.ts'

/** A subject's state after its event number `version`. */
export interface KeptState {
  readonly subject: AlarmSubject
  readonly version: number
  readonly state: AlarmState
}

/** How a closed alarm looked at last. */
export interface KeptClosed {
  readonly subject: AlarmSubject
  readonly alarm: AlarmView
}

/**
 * States of subjects kept beside the journal, so that a start or a look back folds the tail only. The journal stays the truth and
 * whole: a kept state that is damaged or of another release's shape is as if it were not there.
 */
export interface StateArchive {
  /** All that have events. */
  subjects(): readonly AlarmSubject[]
  /** The latest usable one at or before that position of the journal; null: fold from the beginning. */
  latest(subject: AlarmSubject, position?: number): KeptState | null
  /** In their order, after `version` and up to that position. */
  tail(subject: AlarmSubject, version: number, position?: number): readonly AlarmEvent[]
  /** Committed at or after that time, in their order. */
  since(subject: AlarmSubject, at: Instant): readonly AlarmEvent[]
  /** The last position whose commit was not after that time; 0: there was nothing yet. */
  positionAt(at: Instant): number
  /** 0: there is nothing yet. */
  lastPosition(): number
  /** Durable, all or none. `closed`: every alarm of these subjects that closed since their last kept state. */
  keep(states: readonly KeptState[], closed: readonly KeptClosed[]): void
  /** The newest, oldest first. */
  closed(limit: number): readonly KeptClosed[]
}
