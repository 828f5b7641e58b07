import type { ChannelId } from '#domain/ids.ts'
import type {
  DeliveryMode,
  MeasurementStatus,
  OperatingState,
  PowerSource,
  TelemetrySample,
} from '#domain/telemetry.ts'
import type { TelemetryPoint } from './ports.ts'

// What the telemetry stores keep of a sample, the same in every store. Types are fixed here once: a store that has seen a field as a
// float refuses it as an integer for ever after. Words become the numbers below; numbers are only ever added.

const stateNumbers: Record<OperatingState, number> = {
  off: 0,
  starting: 1,
  standby: 2,
  ready: 3,
  'delay-start': 4,
  infusing: 5,
  bolus: 6,
  kvo: 7,
  'between-doses': 8,
  paused: 9,
  'stopped-alarm': 10,
  stopped: 11,
  complete: 12,
  priming: 13,
  fault: 14,
  unknown: 15,
}

const modeNumbers: Record<DeliveryMode, number> = {
  unknown: 0,
  continuous: 1,
  intermittent: 2,
  tpn: 3,
  variable: 4,
  pca: 5,
  bolus: 6,
}

const powerNumbers: Record<PowerSource, number> = {
  unknown: 0,
  onMains: 1,
  onBattery: 2,
  chargingFull: 3,
  chargingTrickle: 4,
  chargingOff: 5,
}

const statusBits: Record<MeasurementStatus, number> = {
  valid: 1,
  invalid: 2,
  questionable: 4,
  'not-available': 8,
  calibrating: 16,
  test: 32,
  demo: 64,
}
const airDetectorBits = { known: 128, on: 256 }
const upstreamSensorBits = { known: 512, on: 1024 }

/** Numbers of a sample that are kept as floating point, in the order of the columns. A dose rate stays out: it has a unit of its own. */
const floatFields = [
  'rateMlPerHour',
  'programmedRateMlPerHour',
  'kvoRateMlPerHour',
  'vtbiMl',
  'programRemainingMl',
  'infusedTotalMl',
  'infusedSegmentMl',
  'containerStartMl',
  'timeRemainingSeconds',
  'programmedTimeSeconds',
  'doseIntervalMinutes',
  'concentrationMgPerMl',
  'linePressureMmHg',
  'airAccumulatedMl',
  'batteryPercent',
  'batteryMinutesRemaining',
] as const satisfies readonly (keyof TelemetrySample)[]
const integerFields = [
  'stepIndex',
  'stepCount',
  'pcaGiven',
  'pcaAttempted',
] as const satisfies readonly (keyof TelemetrySample)[]

/** `rateMlPerHour` → `rate_ml_per_hour`. */
export const columnName = (field: string): string => field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

export interface Column {
  readonly name: string
  readonly type: 'float' | 'integer'
  /** Never null for `state`, `mode`, `power`, `flags` and `late`. */
  read(point: Pick<TelemetryPoint, 'sample' | 'late'>): number | null
}

export const columns: readonly Column[] = [
  ...floatFields.map((field): Column => ({
    name: columnName(field),
    type: 'float',
    read: ({ sample }) => sample[field],
  })),
  ...integerFields.map((field): Column => ({
    name: columnName(field),
    type: 'integer',
    read: ({ sample }) => sample[field],
  })),
  { name: 'state', type: 'integer', read: ({ sample }) => stateNumbers[sample.operatingState] },
  { name: 'mode', type: 'integer', read: ({ sample }) => modeNumbers[sample.deliveryMode] },
  { name: 'power', type: 'integer', read: ({ sample }) => powerNumbers[sample.powerSource] },
  { name: 'flags', type: 'integer', read: ({ sample }) => flagsOf(sample) },
  { name: 'late', type: 'integer', read: ({ late }) => Number(late) },
]

/** The sample as far as a store keeps it: words of the pump, alarms and raw values are in the journal or nowhere. */
export const storedSample = (
  channelId: ChannelId,
  value: (column: string) => number | null,
): Partial<TelemetrySample> => {
  const flags = value('flags') ?? 0
  return {
    channelId,
    ...Object.fromEntries([...floatFields, ...integerFields].map((field) => [field, value(columnName(field))])),
    operatingState: stateOf(value('state')),
    deliveryMode: wordOf(modeNumbers, value('mode')) ?? 'unknown',
    powerSource: wordOf(powerNumbers, value('power')) ?? 'unknown',
    measurementStatus: words(statusBits).filter((status) => (flags & statusBits[status]) !== 0),
    airDetectorEnabled: triState(flags, airDetectorBits),
    upstreamSensorEnabled: triState(flags, upstreamSensorBits),
  }
}

export const stateOf = (number: number | null): OperatingState => wordOf(stateNumbers, number) ?? 'unknown'

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of a complete table are known
const words = <W extends string>(table: Record<W, number>): readonly W[] => Object.keys(table) as W[]

const wordOf = <W extends string>(table: Record<W, number>, number: number | null): W | null =>
  words(table).find((word) => table[word] === number) ?? null

interface TriState {
  readonly known: number
  readonly on: number
}

const bitsOf = (value: boolean | null, { known, on }: TriState): number =>
  value === null ? 0 : value ? known | on : known

const triState = (flags: number, { known, on }: TriState): boolean | null =>
  (flags & known) === 0 ? null : (flags & on) !== 0

const flagsOf = (sample: TelemetrySample): number =>
  sample.measurementStatus.reduce((flags, status) => flags | statusBits[status], 0) |
  bitsOf(sample.airDetectorEnabled, airDetectorBits) |
  bitsOf(sample.upstreamSensorEnabled, upstreamSensorBits)
