import type { AlarmType, Priority } from './codes.ts'

/** What the alarm says about the flow. */
export type DeliveryEffect =
  | 'stopped'
  | 'stopped-as-planned'
  | 'usually-stopped'
  | 'perhaps-stopped'
  | 'not-started'
  | 'goes-on'
  | 'too-low'
  | 'too-high'
  | 'uncontrolled'
  | 'unknown'
  | 'not-affected'

export interface CatalogueEntry {
  /** Short name on the row. */
  readonly name: string
  /** What it means for the infusion, in a few words beside the name. */
  readonly consequence: string
  /** One priority, or one that depends on whether the pump delivers. */
  readonly priority: Priority | { readonly delivering: Priority; readonly notDelivering: Priority }
  /** The ^ of vocabulary.md 4 and 5: one step up when the therapy is critical, for lost links only if the pump was delivering. */
  readonly raised: 'never' | 'when-critical' | 'when-critical-and-delivering'
  /** Waiting makes it worse for the patient: unanswered for too long it rises to high. Never for what staff repair. */
  readonly worseUnanswered?: true
  readonly delivery: DeliveryEffect
  readonly type: AlarmType
}
