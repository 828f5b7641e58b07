import type { Act } from './acts.ts'
import type { FirmwareBug } from './faults/catalog.ts'
import type { PumpSettings } from './pump-settings.ts'
import type { ModelAlarm } from './pump-alarms.ts'
import type { Publication, WireFact } from './statement.ts'
import type { PumpState } from './pump-state.ts'

/** What a protocol can see of its pump: the state, with the sensor's own noise on the pressure. */
export interface PumpReading {
  readonly state: PumpState
  readonly settings: PumpSettings
  readonly linePressureMmHg: number
}

export interface AlarmEdge {
  readonly code: ModelAlarm
  readonly raised: boolean
}

/** What changed in the pump since the last look. */
export interface PumpChange {
  readonly reading: PumpReading
  readonly before: PumpState
  readonly edges: readonly AlarmEdge[]
}

/** What a pump says, and what it does to itself meanwhile. */
export interface Utterance {
  readonly bytes?: Uint8Array
  readonly publication?: Publication
  readonly fact: WireFact | null
  readonly ids: Readonly<Record<string, string | number>>
  /** Something the pump does by itself: a protocol may stop it. */
  readonly act?: Act
}

/** The side of a pump that speaks one protocol. Deterministic: time is the pump's uptime, chance comes from its seed. */
export interface ProtocolTwin {
  /** The pump has just been switched on. */
  poweredOn(reading: PumpReading): readonly Utterance[]
  /** Called after each step of the model. */
  stepped(change: PumpChange): readonly Utterance[]
  received(bytes: Uint8Array, reading: PumpReading): readonly Utterance[]
  /** Another pump of the same make is put on the cable, or the first one again: its serial number. Absent: this protocol names none. */
  swapped?(): string
  /** How far from a frame's end the last character of its check is; absent: it has none. */
  readonly checkFromEnd?: number
  /** What its clock shows when it has forgotten the time, ms since 1970; absent: 1970. */
  readonly clockBeginsMs?: number
  /** Switches a bug of the firmware. Absent, or a bug it does not know: this firmware has none. */
  firmware?(bug: FirmwareBug, on: boolean): void
}
