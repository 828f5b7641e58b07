import { ChannelId, PumpId } from '#domain/ids.ts'
import { emptySample } from '#domain/telemetry.ts'
import type { PumpReport } from '#domain/uplink/envelope.ts'
import type { NewRecord } from '../hub/record-bodies.ts'

const channelId = ChannelId.parse('1')

/** Pumps of a load are named by their place and never meet those of a fleet. */
export const loadPumpId = (hub: number, pump: number): PumpId => PumpId.parse(`L-${hub + 1}-${pump + 1}`)

/** The nth sample of a pump: as many fields as a real one has, and a counter that rises. */
export const loadSample = (pumpId: PumpId, nth: number): NewRecord => ({
  lane: 'telemetry',
  kind: 'telemetry',
  pumpId,
  body: {
    ...emptySample(channelId, pumpId),
    measurementStatus: ['demo'],
    operatingState: 'infusing',
    deliveryMode: 'continuous',
    rateMlPerHour: 50,
    programmedRateMlPerHour: 50,
    kvoRateMlPerHour: 2,
    vtbiMl: 9000,
    programRemainingMl: Math.max(0, 9000 - nth * 0.014),
    infusedTotalMl: (nth * 0.014) % 90_000,
    infusedSegmentMl: (nth * 0.014) % 9000,
    containerStartMl: 9000,
    linePressureMmHg: 38 + (nth % 5),
    airAccumulatedMl: 0,
    batteryPercent: 88,
    batteryMinutesRemaining: 600,
    powerSource: 'onMains',
    airDetectorEnabled: true,
    upstreamSensorEnabled: true,
  },
})

export const loadPumpReport = (pumpId: PumpId, statusIntervalMs: number): PumpReport => ({
  pumpId,
  port: 'load',
  protocol: 'mqtt-json',
  link: 'up',
  silentMs: 0,
  statusIntervalMs: Math.max(1, Math.round(statusIntervalMs)),
  maker: 'Simulated',
  model: 'load',
  firmware: null,
  serial: pumpId,
  experimental: false,
  simulated: true,
})
