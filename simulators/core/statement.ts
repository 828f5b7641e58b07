import type { AlarmCode, Priority } from '#domain/alarm/codes.ts'
import type { FaultSwitch } from './faults/catalog.ts'
import type { OperatingState } from '#domain/telemetry.ts'

/** Values as they left the pump, rounded as on its wire; null: this protocol or this message does not tell. */
export interface SampleFact {
  readonly kind: 'sample'
  /** Absent: the pump has one channel. */
  readonly channelId?: string
  readonly operatingState: OperatingState
  readonly rateMlPerHour: number | null
  readonly infusedTotalMl: number
  readonly programRemainingMl: number | null
  readonly linePressureMmHg: number | null
  readonly batteryPercent: number | null
  /** null: told in another message. */
  readonly activeAlarms: readonly AlarmCode[] | null
}

export interface AlarmFact {
  readonly kind: 'alarm'
  readonly code: AlarmCode
  readonly raised: boolean
  readonly priority: Priority | null
}

export type WireFact =
  | SampleFact
  | AlarmFact
  | { readonly kind: 'identity'; readonly serial: string }
  | { readonly kind: 'event'; readonly event: string }
  /** The other side's receipt. */
  | { readonly kind: 'receipt'; readonly of: string }
  /** Asked for something that reading a pump never needs, verbatim. */
  | { readonly kind: 'refused'; readonly request: string }

/** What a pump said or went through. */
export type Happening =
  | WireFact
  | {
      readonly kind: 'act'
      readonly act: string
      readonly amount: number | null
      readonly code: string | null
      /** Of `swap`: the pump that was on the cable before. */
      readonly replaces?: string
    }
  | { readonly kind: 'power-on' }
  | ({ readonly kind: 'fault' } & FaultSwitch)

/** One entry of the truth log, with the ids that are on the wire. */
export type Fact = Happening & {
  readonly pumpId: string
  /** The pump's own clock: ms since power-on. */
  readonly uptimeMs: number
  /** As on the wire: boot, sequence or message number. */
  readonly ids: Readonly<Record<string, string | number>>
}

export interface Publication {
  readonly topic: string
  readonly payload: string
  /** Told again after a lost connection; a sample is not, the next one is as good. */
  readonly keep: boolean
}

/** What a pump puts out, in order. `atMs`: virtual time since the start of the simulation. */
export type Output = { readonly atMs: number; readonly fact: Fact | null } & (
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'publish'; readonly publication: Publication }
  | { readonly kind: 'cable'; readonly plugged: boolean }
  | { readonly kind: 'fault'; readonly change: FaultSwitch }
  | { readonly kind: 'note' }
)
