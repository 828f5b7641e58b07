import type { z } from 'zod'
import type { AlarmCode, AlarmType, Priority } from '../alarm/codes.ts'
import type { PumpEventCode } from '../events.ts'
import type { ChannelId } from '../ids.ts'
import type { MeasurementStatus, TelemetrySample } from '../telemetry.ts'
import type { LinkState } from '../uplink/envelope.ts'
import type { Inactivation } from '../uplink/records.ts'

/** One alarm as the pump reports it, before it gets an episode. */
export interface ReportedAlarm {
  readonly code: AlarmCode
  /** Null: the pump as a whole. */
  readonly channelId: ChannelId | null
  /** Distinguishes several vendor alarms that map to one code. */
  readonly vendorCode: string | null
  readonly vendorText: string | null
  /** The pump's own word, or null when the protocol has none; never lowered later. */
  readonly priority: Priority | null
  /** What the profile says of a code whose default in the catalogue does not fit; the pump's own word wins over it. */
  readonly profilePriority?: Priority
  readonly type?: AlarmType
  /** Audio paused or acknowledged at the pump itself. */
  readonly inactivation?: readonly Inactivation[]
  /** What the pump's own clock says, RFC 3339. */
  readonly startedAt?: string
}

export interface PumpIdentity {
  /** Becomes the pump id. */
  readonly serial: string
  readonly maker: string | null
  readonly model: string | null
  readonly firmware: string | null
  readonly statusIntervalMs: number
  /** `demo` or `test` when the pump says it is simulated. */
  readonly measurementStatus: readonly MeasurementStatus[]
}

/** Everything a pump can make known, on any transport; MQTT pumps enter with the same events. */
export type PumpEvent =
  | { readonly kind: 'identified'; readonly identity: PumpIdentity }
  /** Another serial answers on this port: everything after belongs to it. */
  | { readonly kind: 'identity-changed'; readonly from: string; readonly to: string }
  | { readonly kind: 'sample'; readonly sample: TelemetrySample }
  /** A level: the full list of active alarms, authoritative. */
  | { readonly kind: 'alarms'; readonly active: readonly ReportedAlarm[] }
  /** An edge: faster than the level, and overruled by it. */
  | { readonly kind: 'alarm-edge'; readonly alarm: ReportedAlarm; readonly raised: boolean }
  | {
      readonly kind: 'event'
      readonly event: PumpEventCode
      readonly detail: Readonly<Record<string, string | number | boolean | null>>
    }
  | { readonly kind: 'link'; readonly link: LinkState; readonly reason: string | null }

/** Counters of docs/protocols/README.md, by name; absent = 0. */
export type PortCounters = Readonly<Record<string, number>>

/**
 * What a session wants, in order. A driver hands out an `event` and carries on with the following steps only when its consumer
 * asks for the next event, i.e. when the previous one is durable: so a receipt (`send` after its event) is never premature.
 */
export type SessionStep =
  | { readonly kind: 'event'; readonly event: PumpEvent }
  | { readonly kind: 'send'; readonly bytes: Uint8Array }
  /** Nobody answers on this connection: end it, the port is opened anew. */
  | { readonly kind: 'reopen'; readonly reason: string }

/**
 * The life of one pump on one port across re-openings: identity, sequence, duplicates, polling, staleness. Does no I/O, owns no
 * timer, never throws on input. `nowMs` is monotonic ms. The caller ticks it at least every 100 ms.
 */
export interface PumpSession {
  opened(nowMs: number): readonly SessionStep[]
  received(chunk: Uint8Array, nowMs: number): readonly SessionStep[]
  tick(nowMs: number): readonly SessionStep[]
  closed(reason: string, nowMs: number): readonly SessionStep[]
  /** A person has closed this alarm out while the pump is only listened to: for the session it is over. */
  forget?(alarm: Pick<ReportedAlarm, 'channelId' | 'vendorCode'>): void
  readonly link: LinkState
  /** Why the link is as it is, in words for a person; null when there is nothing to say. */
  readonly reason: string | null
  readonly identity: PumpIdentity | null
  readonly counters: PortCounters
  /** When the last good frame that carries state came, or null. */
  readonly lastHeardMs: number | null
}

/** One line of `gateway decode`. */
export type CaptureLine =
  | {
      readonly ok: true
      readonly type: string
      readonly fields: Readonly<Record<string, unknown>>
      readonly hex: string
    }
  | { readonly ok: false; readonly fault: string; readonly hex: string }

/** Reads a capture of either direction without judging what may be sent. Time stands still; `end` counts a partial as `gap`. */
export interface CaptureReader {
  push(chunk: Uint8Array): readonly CaptureLine[]
  end(): readonly CaptureLine[]
  readonly counters: PortCounters
}

export interface SerialSettings {
  readonly baudRate: number
  readonly dataBits: 7 | 8
  readonly parity: 'none' | 'even' | 'odd'
  readonly stopBits: 1 | 2
}

/** A setting that does not fit; `path` names it. */
export interface SettingProblem {
  readonly path: readonly PropertyKey[]
  readonly message: string
}

export type ConfiguredProfile =
  | { readonly ok: true; readonly profile: PumpProfile }
  | { readonly ok: false; readonly problems: readonly SettingProblem[] }

/** One pump protocol: everything the gateway needs to read such a pump, and the only bytes it may ever send to it. */
export interface PumpProfile {
  /** Profile id = `--protocol` name = document name. */
  readonly id: string
  /** Built from published sources, never run against hardware by this project. */
  readonly experimental: boolean
  /** Bench equipment: never attributed to a patient, whatever anybody assigns. */
  readonly laboratory?: boolean
  /** What the screen has to say beside every pump of this protocol. */
  readonly caution?: string
  readonly serial: SerialSettings
  /** What a port of this protocol may be told: `ports[].settings` of the hub, `--set name=value` of `gateway decode`. */
  readonly settings: z.ZodObject
  /** This protocol under other settings; what is not given has its default. */
  configured(settings: unknown): ConfiguredProfile
  /** `port`: name of the port in the configuration, for pumps that cannot say who they are. */
  newSession(port?: string): PumpSession
  /** True only for the exact bytes of a whitelisted request, rebuilt from its template (docs/protocols/README.md). */
  permits(bytes: Uint8Array): boolean
  newCapture(): CaptureReader
}
