import { z } from 'zod'
import { AlarmCode } from './alarm/codes.ts'
import { ChannelId } from './ids.ts'

/** vocabulary.md 2. `unknown` means no fresh data; it is never drawn as OK. */
export const OperatingState = z.enum([
  'off',
  'starting',
  'standby',
  'ready',
  'delay-start',
  'infusing',
  'bolus',
  'kvo',
  'between-doses',
  'paused',
  'stopped-alarm',
  'stopped',
  'complete',
  'priming',
  'fault',
  'unknown',
])
export type OperatingState = z.infer<typeof OperatingState>

/** Whether fluid reaches the patient; null: nobody knows. */
export const delivers: Readonly<Record<OperatingState, boolean | null>> = {
  off: false,
  starting: false,
  standby: false,
  ready: false,
  'delay-start': false,
  infusing: true,
  bolus: true,
  kvo: true,
  'between-doses': false,
  paused: false,
  'stopped-alarm': false,
  stopped: false,
  complete: false,
  priming: false,
  fault: false,
  unknown: null,
}

export const DeliveryMode = z.enum(['continuous', 'intermittent', 'tpn', 'variable', 'pca', 'bolus', 'unknown'])
export type DeliveryMode = z.infer<typeof DeliveryMode>

export const PowerSource = z.enum(['onMains', 'onBattery', 'chargingFull', 'chargingTrickle', 'chargingOff', 'unknown'])
export type PowerSource = z.infer<typeof PowerSource>

/** vocabulary.md 8. `demo` and `test` mark simulated data; nothing downstream may remove them. */
export const MeasurementStatus = z.enum([
  'valid',
  'invalid',
  'questionable',
  'not-available',
  'calibrating',
  'test',
  'demo',
])
export type MeasurementStatus = z.infer<typeof MeasurementStatus>

export const isSimulated = (status: readonly MeasurementStatus[]): boolean =>
  status.includes('demo') || status.includes('test')

/** A finite number or null. `null` = the pump did not say; `0` is a reading. Ranges are judged by `implausibleFields`, never by rejecting. */
const reading = z.number().nullable()

/**
 * One channel's state at one moment (vocabulary.md 1), as a pump told it. Units are in the names: mL, mL/h, s, mmHg, %.
 * An out-of-range value is kept and marked `questionable`; it is never clamped, dropped or hidden.
 */
export const TelemetrySample = z.object({
  channelId: ChannelId,
  pumpSerial: z.string().max(64),
  /** What the pump's own clock said, RFC 3339, or null. */
  pumpClockAt: z.iso.datetime({ offset: true }).nullable(),
  measurementStatus: z.array(MeasurementStatus).max(7),
  operatingState: OperatingState,
  notDeliveringReason: z.string().max(64).nullable(),
  deliveryMode: DeliveryMode,
  rateMlPerHour: reading,
  programmedRateMlPerHour: reading,
  kvoRateMlPerHour: reading,
  vtbiMl: reading,
  /** Of the program, not of the bag. */
  programRemainingMl: reading,
  /** A counter: rises until a reset. */
  infusedTotalMl: reading,
  infusedSegmentMl: reading,
  containerStartMl: reading,
  timeRemainingSeconds: reading,
  programmedTimeSeconds: reading,
  doseIntervalMinutes: reading,
  doseRate: z.object({ value: z.number(), unit: z.string().max(24) }).nullable(),
  concentrationMgPerMl: reading,
  /** Demo names only in this project. */
  drugLabel: z.string().max(64).nullable(),
  stepIndex: z.int().nullable(),
  stepCount: z.int().nullable(),
  pcaGiven: z.int().nullable(),
  pcaAttempted: z.int().nullable(),
  linePressureMmHg: reading,
  airAccumulatedMl: reading,
  batteryPercent: reading,
  batteryMinutesRemaining: reading,
  powerSource: PowerSource,
  /** `false` and `null` are shown: "no air alarm" then proves nothing. */
  airDetectorEnabled: z.boolean().nullable(),
  upstreamSensorEnabled: z.boolean().nullable(),
  /** A level, not edges: the codes active right now. An empty list counts. */
  activeAlarms: z.array(AlarmCode).max(40),
  /** The vendor's own digits, units and words, verbatim. */
  raw: z.record(z.string().max(64), z.string().max(256)),
})
export type TelemetrySample = z.infer<typeof TelemetrySample>

/** Plausible ranges of vocabulary.md 1: [low, high], inclusive. */
export const ranges = {
  rateMlPerHour: [0, 1200],
  programmedRateMlPerHour: [0, 1200],
  kvoRateMlPerHour: [0, 20],
  vtbiMl: [0, 9999],
  programRemainingMl: [0, 9999],
  infusedTotalMl: [0, 99_999],
  infusedSegmentMl: [0, 9999],
  containerStartMl: [0, 9999],
  timeRemainingSeconds: [0, 2_592_000],
  programmedTimeSeconds: [0, 2_592_000],
  linePressureMmHg: [-100, 1500],
  airAccumulatedMl: [0, 10],
  batteryPercent: [0, 100],
  batteryMinutesRemaining: [0, 10_080],
} as const satisfies Partial<Record<keyof TelemetrySample, readonly [number, number]>>

export type RangedField = keyof typeof ranges
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of a literal are known
export const rangedFields = Object.keys(ranges) as readonly RangedField[]

/** Fields whose value lies outside its range. The sample is then `questionable`. */
export const implausibleFields = (sample: Pick<TelemetrySample, RangedField>): readonly RangedField[] =>
  rangedFields.filter((field) => {
    const value = sample[field]
    const [low, high] = ranges[field]
    return value !== null && (value < low || value > high)
  })

/** A sample in which the pump has said nothing yet; profiles fill in what their pump tells. */
export const emptySample = (channelId: ChannelId, pumpSerial: string): TelemetrySample => ({
  channelId,
  pumpSerial,
  pumpClockAt: null,
  measurementStatus: ['valid'],
  operatingState: 'unknown',
  notDeliveringReason: null,
  deliveryMode: 'unknown',
  rateMlPerHour: null,
  programmedRateMlPerHour: null,
  kvoRateMlPerHour: null,
  vtbiMl: null,
  programRemainingMl: null,
  infusedTotalMl: null,
  infusedSegmentMl: null,
  containerStartMl: null,
  timeRemainingSeconds: null,
  programmedTimeSeconds: null,
  doseIntervalMinutes: null,
  doseRate: null,
  concentrationMgPerMl: null,
  drugLabel: null,
  stepIndex: null,
  stepCount: null,
  pcaGiven: null,
  pcaAttempted: null,
  linePressureMmHg: null,
  airAccumulatedMl: null,
  batteryPercent: null,
  batteryMinutesRemaining: null,
  powerSource: 'unknown',
  airDetectorEnabled: null,
  upstreamSensorEnabled: null,
  activeAlarms: [],
  raw: {},
})
