import type { Publisher, Wire } from './ports.ts'
import { batteryPercent, flowNow, programRemainingMl } from './pump-state.ts'
import type { SimulatedPump } from './simulated-pump.ts'

export type Link =
  | { readonly kind: 'wire'; readonly wire: Wire }
  | { readonly kind: 'broker'; readonly publisher: Publisher }

export interface PumpReport {
  readonly id: string
  readonly address: string
  readonly plugged: boolean
  readonly uptimeMs: number
  readonly operatingState: string
  readonly rateMlPerHour: number
  readonly infusedTotalMl: number
  readonly programRemainingMl: number
  readonly linePressureMmHg: number
  readonly batteryPercent: number
  readonly onMains: boolean
  readonly activeAlarms: readonly string[]
  readonly dropped: number
  /** Faults of the link and of the pump that go on. */
  readonly faults: readonly string[]
}

/** A pump as it really is, also while nobody can read it. */
export const reportOf = (pump: SimulatedPump, link: Link, faults: readonly string[]): PumpReport => {
  const { state, settings, linePressureMmHg } = pump.reading
  const port = link.kind === 'wire' ? link.wire : link.publisher
  return {
    id: pump.id,
    address: port.address,
    plugged: port.plugged,
    uptimeMs: state.uptimeMs,
    operatingState: state.activity,
    rateMlPerHour: flowNow(state, settings),
    infusedTotalMl: state.infusedTotalMl,
    programRemainingMl: programRemainingMl(state),
    linePressureMmHg,
    batteryPercent: batteryPercent(state),
    onMains: state.onMains,
    activeAlarms: state.alarms,
    dropped: link.kind === 'wire' ? link.wire.droppedBytes : link.publisher.dropped,
    faults,
  }
}
