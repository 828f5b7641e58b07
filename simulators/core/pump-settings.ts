import type { DeliveryMode } from '#domain/telemetry.ts'

/** One step of a program of several rates. */
export interface RateStep {
  readonly minutes: number
  readonly rateMlPerHour: number
}

/** How one pump is built and programmed. Volumes in mL, rates in mL/h, pressures in mmHg. */
export interface PumpSettings {
  readonly deliveryMode: Extract<DeliveryMode, 'continuous' | 'intermittent' | 'tpn' | 'variable' | 'pca'>
  /** Of the dose (intermittent), of the plateau (tpn), basal (pca). */
  readonly rateMlPerHour: number
  /** Intermittent: the volume of one dose, and from start to start. */
  readonly doseMl: number
  readonly doseIntervalMinutes: number
  /** Pca: the patient's own dose, and how often it may come. */
  readonly bolusMl: number
  readonly bolusRateMlPerHour: number
  readonly lockoutMinutes: number
  readonly bolusesPerHour: number
  /** Tpn: from nothing to the plateau, and back before the end. */
  readonly rampMinutes: number
  readonly taperMinutes: number
  /** Variable: one after the other; the last goes on until the volume is in. */
  readonly steps: readonly RateStep[]
  /** From power-on until the program starts; 0: at once. */
  readonly selfTestSeconds: number
  readonly vtbiMl: number
  /** 0: the pump stops when the program is delivered. */
  readonly kvoRateMlPerHour: number
  /** 0: no such notice. */
  readonly nearCompleteSeconds: number
  readonly bagMl: number
  readonly reservoirLowMl: number
  /** Line pressure without flow. */
  readonly restingPressureMmHg: number
  /** What 1 mL/h adds to the line pressure. */
  readonly resistanceMmHgPerMlPerHour: number
  /** How much the line takes up per mmHg: with the rate it decides how long an occlusion stays unnoticed. */
  readonly complianceMlPerMmHg: number
  readonly occlusionLimitMmHg: number
  /** What can be drawn against a closed clamp before the pump notices; null: no upstream sensor. */
  readonly upstreamLimitMl: number | null
  /** Air gathered within about 15 min that raises the alarm, 0.1 to 0.25 mL in ambulatory pumps; null: no air detector. */
  readonly airLimitMl: number | null
  /** Goes on by itself once an occlusion is gone, as many ambulatory pumps do. */
  readonly restartsAfterOcclusion: boolean
  readonly pausedTooLongSeconds: number
  readonly batteryHours: number
  readonly chargeHours: number
  readonly batteryLowPercent: number
  readonly batteryDepletedPercent: number
  readonly startBatteryPercent: number
  readonly startsOnMains: boolean
  /** A pump that belongs on mains says so when it runs on battery. */
  readonly expectsMains: boolean
}

const ambulatory: PumpSettings = {
  deliveryMode: 'continuous',
  rateMlPerHour: 50,
  doseMl: 50,
  doseIntervalMinutes: 360,
  bolusMl: 0.5,
  bolusRateMlPerHour: 60,
  lockoutMinutes: 10,
  bolusesPerHour: 4,
  rampMinutes: 60,
  taperMinutes: 60,
  steps: [],
  selfTestSeconds: 0,
  vtbiMl: 500,
  kvoRateMlPerHour: 2,
  nearCompleteSeconds: 0,
  bagMl: 520,
  reservoirLowMl: 10,
  restingPressureMmHg: 22,
  resistanceMmHgPerMlPerHour: 0.35,
  complianceMlPerMmHg: 0.0012,
  occlusionLimitMmHg: 500,
  upstreamLimitMl: 0.15,
  airLimitMl: 0.1,
  restartsAfterOcclusion: true,
  pausedTooLongSeconds: 120,
  batteryHours: 12,
  chargeHours: 4,
  batteryLowPercent: 20,
  batteryDepletedPercent: 3,
  startBatteryPercent: 88,
  startsOnMains: false,
  expectsMains: false,
}

/** Starting points by name; a configuration changes single values. */
export const pumpProfiles = {
  'generic-ambulatory': ambulatory,
  /** A night of parenteral nutrition: two litres in 11.5 h, ramp up and taper down (clinical.md 12). */
  'generic-TPN': {
    ...ambulatory,
    deliveryMode: 'tpn',
    rateMlPerHour: 190,
    vtbiMl: 2000,
    bagMl: 2020,
    kvoRateMlPerHour: 3,
    reservoirLowMl: 50,
    airLimitMl: 0.15,
    batteryHours: 24,
    startBatteryPercent: 100,
  },
  /** Pain medicine on demand over a small basal rate. */
  'generic-PCA': {
    ...ambulatory,
    deliveryMode: 'pca',
    rateMlPerHour: 1,
    vtbiMl: 100,
    bagMl: 100,
    kvoRateMlPerHour: 0,
    reservoirLowMl: 5,
    complianceMlPerMmHg: 0.0004,
  },
  /** No air detector and no upstream sensor, as in syringe pumps: the plunger draws nothing. */
  'generic-syringe': {
    ...ambulatory,
    rateMlPerHour: 12.5,
    vtbiMl: 45,
    kvoRateMlPerHour: 0,
    nearCompleteSeconds: 300,
    bagMl: 50,
    reservoirLowMl: 0,
    complianceMlPerMmHg: 0.0006,
    occlusionLimitMmHg: 300,
    upstreamLimitMl: null,
    airLimitMl: null,
    restartsAfterOcclusion: true,
    startsOnMains: true,
    expectsMains: true,
    startBatteryPercent: 100,
  },
  /** At the bedside, on mains; it has every detector, and no keep-open flow. */
  'generic-two-channel': {
    ...ambulatory,
    rateMlPerHour: 12.5,
    vtbiMl: 50,
    kvoRateMlPerHour: 0,
    bagMl: 60,
    complianceMlPerMmHg: 0.0006,
    startsOnMains: true,
    expectsMains: true,
    startBatteryPercent: 100,
  },
} as const satisfies Readonly<Record<string, PumpSettings>>

export type PumpProfileName = keyof typeof pumpProfiles
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of a literal are known
export const pumpProfileNames = Object.keys(pumpProfiles) as readonly PumpProfileName[]
