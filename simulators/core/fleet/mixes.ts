import { pumpProfiles, type PumpSettings } from '../pump-settings.ts'
import type { Cause } from './cause.ts'

// Which pumps a fleet has, and how often they call. The counts are hospital-shaped (clinical.md 9 and 12): nobody has published
// such counts for homes.

/** When a delivery begins. Hours are of the fleet's own day. */
export type Timing =
  | { readonly kind: 'nightly'; readonly fromHour: number; readonly toHour: number; readonly nightsPerWeek: number }
  | { readonly kind: 'every'; readonly hours: number }
  /** The next one follows at once, but for the minutes it takes to hang it. */
  | { readonly kind: 'in-a-row'; readonly gapMinutes: readonly [number, number] }

export interface Therapy {
  readonly name: string
  /** Part of the pumps. */
  readonly share: number
  readonly settings: PumpSettings
  readonly timing: Timing
  /** Of one pump, in the mean: decides how much this therapy weighs among all deliveries. */
  readonly deliveriesPerDay: number
  /** Published for this therapy by itself; null: what the others leave of the population's mean. */
  readonly alarmsPerDelivery: number | null
  /** Pca: between two presses of the button, in the mean; 0: there is no button. */
  readonly demandEveryMinutes: number
}

export const mixNames = ['home', 'volumetric', 'neonatal'] as const
export type MixName = (typeof mixNames)[number]

export interface Mix {
  readonly name: MixName
  readonly what: string
  readonly alarmsPerDelivery: number
  /** Published shares of all alarms, %. */
  readonly shares: readonly (readonly [percent: number, cause: Cause])[]
  readonly therapies: readonly Therapy[]
}

/** "Rest 16" of mix A is air, upstream, cassette, battery: as much of each. */
const volumetricShares: Mix['shares'] = [
  [34, 'complete'],
  [27, 'paused-too-long'],
  [23, 'occlusion-downstream'],
  [4, 'air-in-line'],
  [4, 'occlusion-upstream'],
  [4, 'cassette-detached'],
  [4, 'battery-low'],
]

const neonatalShares: Mix['shares'] = [
  [38, 'cassette-detached'],
  [32, 'complete'],
  [26, 'occlusion-downstream'],
  [3, 'air-in-line'],
]

/** On mains, so that batteries call only when somebody pulls the plug. */
const plugged = { startsOnMains: true, startBatteryPercent: 100 } as const

const tpn: Therapy = {
  name: 'tpn',
  share: 0.2,
  settings: { ...pumpProfiles['generic-TPN'], ...plugged, bagMl: 2100 },
  timing: { kind: 'nightly', fromHour: 20, toHour: 23, nightsPerWeek: 5.5 },
  deliveriesPerDay: 5.5 / 7,
  alarmsPerDelivery: 6.77,
  demandEveryMinutes: 0,
}

const antibiotic: Therapy = {
  name: 'antibiotic',
  share: 0.3,
  settings: { ...pumpProfiles['generic-ambulatory'], ...plugged, rateMlPerHour: 200, vtbiMl: 100, bagMl: 120 },
  timing: { kind: 'every', hours: 8 },
  deliveriesPerDay: 3,
  alarmsPerDelivery: null,
  demandEveryMinutes: 0,
}

const continuous: Therapy = {
  name: 'continuous',
  share: 0.35,
  settings: { ...pumpProfiles['generic-ambulatory'], ...plugged, rateMlPerHour: 5, vtbiMl: 117, bagMl: 150 },
  timing: { kind: 'in-a-row', gapMinutes: [5, 20] },
  deliveriesPerDay: 1,
  alarmsPerDelivery: null,
  demandEveryMinutes: 0,
}

const pca: Therapy = {
  name: 'pca',
  share: 0.15,
  settings: { ...pumpProfiles['generic-PCA'], ...plugged, vtbiMl: 30, bagMl: 50 },
  timing: { kind: 'in-a-row', gapMinutes: [5, 20] },
  deliveriesPerDay: 1,
  alarmsPerDelivery: null,
  demandEveryMinutes: 110,
}

const ward: Therapy = {
  ...continuous,
  name: 'volumetric',
  share: 1,
  settings: { ...pumpProfiles['generic-ambulatory'], ...plugged, rateMlPerHour: 125, vtbiMl: 500, bagMl: 540 },
  deliveriesPerDay: 5.5,
}

const nursery: Therapy = {
  ...continuous,
  name: 'neonatal',
  share: 1,
  settings: {
    ...pumpProfiles['generic-ambulatory'],
    ...plugged,
    rateMlPerHour: 6,
    vtbiMl: 48,
    bagMl: 60,
    kvoRateMlPerHour: 0,
    complianceMlPerMmHg: 0.0004,
  },
  deliveriesPerDay: 2.9,
}

export const mixes: Readonly<Record<MixName, Mix>> = {
  home: {
    name: 'home',
    what: 'parenteral nutrition at night, antibiotics, continuous ambulatory therapy, PCA; alarms by mix A',
    alarmsPerDelivery: 1.74,
    shares: volumetricShares,
    therapies: [tpn, antibiotic, continuous, pca],
  },
  volumetric: {
    name: 'volumetric',
    what: 'volumetric pumps of one kind; alarms by mix A',
    alarmsPerDelivery: 1.74,
    shares: volumetricShares,
    therapies: [ward],
  },
  neonatal: {
    name: 'neonatal',
    what: 'slow pumps without keep-open flow; alarms by mix B',
    alarmsPerDelivery: 1.74,
    shares: neonatalShares,
    therapies: [nursery],
  },
}

/** Log-normal, in seconds: from an alarm until it is put right. */
export const timeToResolve = { mu: 3.82, sigma: 1.58 } as const
