import type { ChannelId, EpisodeId, HubId, PumpId, UserId } from '../ids.ts'
import type { Finding, Person, ResolveClass } from '../live/views.ts'
import type { Condition, Snapshot } from '../uplink/records.ts'
import type { AlarmCode, Priority, TherapyCriticality } from './codes.ts'
import type { LinkRoot } from './events.ts'
import type { ReportKey } from './reports.ts'
import type { TriageRecord } from './triage.ts'

// Everything that can be asked of the engine. All times are server time, ms since the epoch.

/** A record with its place in server time; `late` as ingest judged it (policy `lateAfterMs`). */
interface Dated {
  readonly key: ReportKey
  /** Which of its hub's numberings the number belongs to (docs/adr/0026). */
  readonly numbering: number
  /** The hub's monotonic clock, ms since the boot's start: durations within a boot are measured on it. */
  readonly monotonicMs: number
  readonly occurredAt: number
  readonly uncertaintyMs: number
  readonly receivedAt: number
  readonly late: boolean
  /** The pump or its port is simulated, whatever the record itself says; either is enough. */
  readonly simulated: boolean
}

export interface RaiseDerived {
  readonly type: 'raise-derived'
  readonly at: number
  /** Used when this opens an episode; an alias when it is the same one again. */
  readonly episodeId: EpisodeId
  readonly code: AlarmCode
  readonly channelId: ChannelId | null
  readonly hubId: HubId | null
  /** At least this; null: the catalogue's default. */
  readonly priority: Priority | null
  /** Whether a pump concerned was delivering (for a hub: a pump whose therapy is not `standard`). Null counts as yes. */
  readonly delivering: boolean | null
  readonly text: string | null
  /** `link-lost-hub`: the pumps nobody hears now. Raising again replaces the list. */
  readonly unverifiedPumps: readonly PumpId[]
  readonly experimental: boolean
  readonly simulated: boolean
}

/** A nurse's act. `expectedVersion` is the version she saw; the same `requestId` again is the same act. */
interface Act {
  readonly at: number
  readonly episodeId: EpisodeId
  readonly by: Person
  readonly expectedVersion: number
  readonly requestId: string
}

export type PersonCommand =
  /** "I looked, nobody owns it." Never a conflict. */
  | (Act & { readonly type: 'mark-seen' })
  | (Act & { readonly type: 'accept' })
  /** Takes one's own acceptance back. */
  | (Act & { readonly type: 'withdraw' })
  | (Act & { readonly type: 'reject'; readonly reason: string })
  /** Offers one's own alarm to a named person, who owns it from the moment of taking over and not before. */
  | (Act & { readonly type: 'hand-over'; readonly to: Person })
  /** By the person it was offered to. */
  | (Act & { readonly type: 'take-over' })
  | (Act & { readonly type: 'decline-hand-over'; readonly reason: string })
  /** By the owner, who keeps it. */
  | (Act & { readonly type: 'withdraw-hand-over' })
  /** By the owner: still on it. */
  | (Act & { readonly type: 'check-in' })
  /** From its owner, who is gone; `fromAnybody`: a lead, who needs no more than a reason. */
  | (Act & { readonly type: 'take-from'; readonly reason: string; readonly fromAnybody: boolean })
  /** Has somebody paged now; null: whoever is next. */
  | (Act & { readonly type: 'escalate'; readonly to: Person | null; readonly flood?: number | undefined })
  | (Act & { readonly type: 'shelve'; readonly reason: string; readonly until: number })
  | (Act & { readonly type: 'unshelve' })
  /** Includes the reset of a latched alarm. */
  | (Act & {
      readonly type: 'resolve'
      readonly class: ResolveClass
      readonly finding: Finding
      readonly note: string
    })

/** `expectedVersion`: the version it amends. `knownVersion`: what the journal says, for alarms that have left the state. */
export interface RecordTriage {
  readonly type: 'record-triage'
  readonly at: number
  readonly episodeId: EpisodeId
  readonly by: Person
  readonly expectedVersion: number
  readonly knownVersion: number
  readonly requestId: string
  readonly record: TriageRecord
}

export type SystemCommand =
  | (Dated & { readonly type: 'report-condition'; readonly condition: Condition })
  | (Dated & { readonly type: 'report-snapshot'; readonly snapshot: Snapshot })
  /** The pump's own link or its hub fell silent: what was active is unverified from now on. */
  | { readonly type: 'lose-link'; readonly at: number; readonly root: LinkRoot }
  /** Frames or heartbeats again. Ends and verifies nothing: the next snapshot decides. */
  | { readonly type: 'regain-link'; readonly at: number; readonly root: LinkRoot }
  | RaiseDerived
  | {
      readonly type: 'end-derived'
      readonly at: number
      readonly code: AlarmCode
      readonly channelId: ChannelId | null
    }
  /** An owner has been out of reach for policy `ownerGoneAfterMs`, or is back. */
  | { readonly type: 'owner-gone' | 'owner-back'; readonly at: number; readonly owner: UserId }
  | { readonly type: 'set-criticality'; readonly at: number; readonly criticality: TherapyCriticality }
  /** Time passed. */
  | { readonly type: 'tick'; readonly at: number }

export type AlarmCommand = SystemCommand | PersonCommand | RecordTriage
