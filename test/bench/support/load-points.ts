import { BootId, ChannelId, HubId, PumpId } from '#domain/ids.ts'
import type { TelemetrySample } from '#domain/telemetry.ts'
import { instant } from '#domain/time.ts'
import { loadSample } from '#simulators/core/load/load-samples.ts'
import type { TelemetryPoint } from '#server/core/ports.ts'

// What a load of the bench sends, and what a store holds of it afterwards.

/** Samples of every pump of a hub, one behind the other. */
export interface LoadPlan {
  readonly hubs: number
  readonly pumpsPerHub: number
  /** Time from one sample of a pump to its next, ms. */
  readonly everyMs: number
  /** Server time of the first sample, ms. */
  readonly from: number
  /** Its pumps' names begin so; absent: `B`. */
  readonly prefix?: string
}

/** Numbers that differ from sample to sample. */
export interface Reading {
  readonly infusedTotalMl: number
  readonly linePressureMmHg: number
}

const channelId = ChannelId.parse('1')

export const loadPumpId = (hub: number, pump: number, prefix = 'B'): PumpId => PumpId.parse(`${prefix}-${hub}-${pump}`)

/** 50 mL/h, in steps of the pump's own three decimals. */
export const readingOf = (sampleNo: number): Reading => ({
  infusedTotalMl: (sampleNo * 14) / 1_000,
  linePressureMmHg: 38 + (sampleNo % 5),
})

export const sampleWith = (pumpId: PumpId, reading: Reading): TelemetrySample => ({
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a load consists of samples
  ...(loadSample(pumpId, 0).body as TelemetrySample),
  channelId,
  ...reading,
})

/** As many of one hub behind each other as a batch holds. */
const perBatch = 250

/** The nth point of a whole load, in the order in which full batches of all hubs come by turns. */
export const pointsOf =
  ({ hubs, pumpsPerHub, everyMs, from }: LoadPlan) =>
  (nth: number): TelemetryPoint => {
    const batch = Math.floor(nth / perBatch)
    const hub = batch % hubs
    const ofHub = Math.floor(batch / hubs) * perBatch + (nth % perBatch)
    const sampleNo = Math.floor(ofHub / pumpsPerHub)
    const pumpId = loadPumpId(hub, ofHub % pumpsPerHub)
    return {
      hubId: HubId.parse(`hub-of-the-load-${hub}`),
      pumpId,
      bootId: BootId.parse('boot-1'),
      seq: ofHub + 1,
      occurredAt: instant(Math.round(from + sampleNo * everyMs)),
      late: false,
      sample: sampleWith(pumpId, readingOf(sampleNo)),
    }
  }
