import { newWatch, watched } from '#domain/derived/channel-watch.ts'
import type { DerivedPolicy } from '#domain/derived/policy.ts'
import type { Act } from '#simulators/core/acts.ts'
import { perform } from '#simulators/core/pump-hands.ts'
import { step } from '#simulators/core/pump-model.ts'
import { pumpProfiles } from '#simulators/core/pump-settings.ts'
import type { PumpSettings } from '#simulators/core/pump-settings.ts'
import { initialState, linePressureMmHg } from '#simulators/core/pump-state.ts'
import { noiseAt, seededRandom } from '#simulators/core/random.ts'
import { ObservedPump } from '#test/support/observed-pump.ts'
import type { Eyesight } from '#test/support/observed-pump.ts'

// One pump, healthy for a while, and then something that it does not call for itself, or only much later.

const hourMs = 3_600_000

export interface Planted {
  readonly act: Act
  readonly rateMlPerHour: number
  readonly complianceMlPerMmHg: number
  readonly eyes: Eyesight
  readonly seed: number
  readonly sampleEveryMs: number
  /** How long it is watched after the fault, h. */
  readonly hours: number
}

export interface Found {
  /** From the fault to the server's alarm, ms; null: not within the time it was watched. */
  readonly byVolumeMs: number | null
  readonly byPressureMs: number | null
  readonly overMs: number | null
  /** From the fault to the pump's own occlusion alarm, ms. */
  readonly byPumpMs: number | null
  /** mL pumped after the fault until the first of them. */
  readonly falseBefore: boolean
}

const stepMs = 1000

export const plantedDeviation = (planted: Planted, policy: DerivedPolicy): Found => {
  const { act, rateMlPerHour, complianceMlPerMmHg, eyes, seed, sampleEveryMs, hours } = planted
  const settings: PumpSettings = {
    ...pumpProfiles['generic-ambulatory'],
    rateMlPerHour,
    complianceMlPerMmHg,
    vtbiMl: 9000,
    bagMl: 9000,
    startsOnMains: true,
    startBatteryPercent: 100,
  }
  const random = seededRandom(seed)
  const faultMs = Math.round(random.between(1.5, 2.5) * 3600) * 1000
  const endMs = faultMs + hours * hourMs
  const pump = new ObservedPump(eyes, random.fork('eyes'))
  const found = { byVolumeMs: null, byPressureMs: null, overMs: null, byPumpMs: null } as Record<
    'byVolumeMs' | 'byPressureMs' | 'overMs' | 'byPumpMs',
    number | null
  >
  let falseBefore = false
  let state = initialState(settings)
  let watch = newWatch
  for (let at = 0; at < endMs; at += stepMs) {
    if (at === faultMs) state = perform(state, settings, act)
    state = step(state, settings, stepMs)
    const sinceMs = at - faultMs
    if (state.alarms.includes('occlusion-downstream')) {
      found.byPumpMs ??= sinceMs
      break
    }
    if (at % sampleEveryMs !== 0) continue
    const linePressure = linePressureMmHg(state, settings) + 1.5 * noiseAt(seed, at / stepMs)
    for (const sample of pump.see({ state, settings, linePressureMmHg: linePressure }, at))
      watch = watched(watch, sample, policy)
    const { deviation, pressure } = watch.picture
    const raised = {
      byVolumeMs: deviation.under === 'raised',
      byPressureMs: pressure.level === 'raised',
      overMs: deviation.over === 'raised',
    }
    for (const name of ['byVolumeMs', 'byPressureMs', 'overMs'] as const)
      if (raised[name] && at < faultMs) falseBefore = true
      else if (raised[name]) found[name] ??= sinceMs
    if (act.act === 'slip' && (found.byVolumeMs !== null || found.overMs !== null)) break
  }
  return { ...found, falseBefore }
}
