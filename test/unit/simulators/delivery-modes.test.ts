import { describe, expect, it } from 'vitest'
import type { ActName } from '#simulators/core/acts.ts'
import { perform } from '#simulators/core/pump-hands.ts'
import { step } from '#simulators/core/pump-model.ts'
import { pumpProfiles, type PumpSettings } from '#simulators/core/pump-settings.ts'
import { flowNow, initialState, type PumpState } from '#simulators/core/pump-state.ts'

const run = (state: PumpState, settings: PumpSettings, seconds: number): PumpState => {
  let next = state
  const quantumMs = seconds > 600 ? 1_000 : 100
  for (let ms = 0; ms < seconds * 1000; ms += quantumMs) next = step(next, settings, quantumMs)
  return next
}

const act = (state: PumpState, settings: PumpSettings, name: ActName): PumpState =>
  perform(state, settings, { act: name })

/** Flow at each of these minutes. */
const flows = (settings: PumpSettings, minutes: readonly number[]): readonly number[] => {
  let state = initialState(settings)
  let at = 0
  return minutes.map((minute) => {
    state = run(state, settings, (minute - at) * 60)
    at = minute
    return Math.round(flowNow(state, settings) * 10) / 10
  })
}

const usual = pumpProfiles['generic-ambulatory']

describe('a night of parenteral nutrition', () => {
  const settings = pumpProfiles['generic-TPN']

  it('ramps up to its plateau in an hour and tapers down in the last one', () => {
    expect(flows(settings, [0, 15, 30, 60, 120, 600])).toEqual([9.5, 47.5, 95, 190, 190, 190])
    const late = run(initialState(settings), settings, 11 * 3600)
    expect(flowNow(late, settings)).toBeLessThan(190)
    expect(flowNow(late, settings)).toBeGreaterThan(50)
  })

  it('has given its two litres after eleven and a half hours, and keeps the vein open', () => {
    const before = run(initialState(settings), settings, 11 * 3600)
    expect(before.activity).toBe('infusing')
    const after = run(before, settings, 3600)
    expect(after.activity).toBe('kvo')
    expect(after.infusedSegmentMl).toBeGreaterThanOrEqual(2000)
    expect(after.infusedSegmentMl).toBeLessThan(2003)
  })

  it('goes on in its ramp after a pause, as if the pause had not been', () => {
    const half = run(initialState(settings), settings, 30 * 60)
    const paused = run(act(half, settings, 'pause'), settings, 600)
    expect(flowNow(paused, settings)).toBe(0)
    const resumed = run(act(paused, settings, 'resume'), settings, 1)
    expect(flowNow(resumed, settings)).toBeCloseTo(95, 0)
  })
})

describe('doses at intervals', () => {
  const settings: PumpSettings = {
    ...usual,
    deliveryMode: 'intermittent',
    rateMlPerHour: 150,
    doseMl: 25,
    doseIntervalMinutes: 15,
    vtbiMl: 60,
  }

  it('come from start to start, without flow between them, until the volume is in', () => {
    const first = run(initialState(settings), settings, 9 * 60)
    expect(first.activity).toBe('infusing')
    const between = run(first, settings, 2 * 60)
    expect(between).toMatchObject({ activity: 'between-doses' })
    expect(between.infusedSegmentMl).toBeCloseTo(25, 6)
    expect(flowNow(between, settings)).toBe(0)
    const second = run(between, settings, 5 * 60)
    expect(second.activity).toBe('infusing')
    const done = run(second, settings, 30 * 60)
    expect(done.activity).toBe('kvo')
  })

  it('can be paused between two doses and go on there', () => {
    const between = run(initialState(settings), settings, 11 * 60)
    const paused = act(between, settings, 'pause')
    expect(paused.activity).toBe('paused')
    expect(run(act(paused, settings, 'resume'), settings, 1).activity).toBe('between-doses')
  })
})

describe('a program of steps', () => {
  it('takes one rate after the other and stays at the last', () => {
    const settings: PumpSettings = {
      ...usual,
      deliveryMode: 'variable',
      steps: [
        { minutes: 10, rateMlPerHour: 20 },
        { minutes: 5, rateMlPerHour: 60 },
        { minutes: 5, rateMlPerHour: 30 },
      ],
    }
    expect(flows(settings, [0, 9, 11, 14, 16, 60])).toEqual([20, 20, 60, 60, 30, 30])
  })
})

describe('pain medicine on demand', () => {
  const settings = pumpProfiles['generic-PCA']
  const demand = (state: PumpState): PumpState => act(state, settings, 'demand')

  it('gives the bolus over the basal rate, once per lockout, and says when it refuses', () => {
    const given = demand(run(initialState(settings), settings, 60))
    expect(given.activity).toBe('bolus')
    const after = run(given, settings, 31)
    expect(after).toMatchObject({ activity: 'infusing', pcaGiven: 1, pcaAttempted: 1 })
    expect(after.infusedSegmentMl).toBeCloseTo(0.5 + (60 + 1) / 3600, 2)
    const refused = run(demand(after), settings, 1)
    expect(refused).toMatchObject({ activity: 'infusing', pcaGiven: 1, pcaAttempted: 2 })
    expect(refused.alarms).toEqual(['dose-limit-reached'])
    expect(run(refused, settings, 30).alarms).toEqual([])
    expect(demand(run(refused, settings, 600)).activity).toBe('bolus')
  })

  it('never gives more boluses in an hour than allowed', () => {
    let state = initialState(settings)
    for (let minute = 0; minute < 60; minute++) state = run(demand(state), settings, 60)
    expect(state.pcaGiven).toBe(settings.bolusesPerHour)
    expect(state.pcaAttempted).toBe(60)
  })

  it('stops a bolus at an occlusion and goes on with the rest of it', () => {
    const blocked = run(act(demand(initialState(settings)), settings, 'occlude'), settings, 20)
    expect(blocked.activity).toBe('stopped-alarm')
    const freed = run(act(blocked, settings, 'release'), settings, 3)
    expect(freed.activity).toBe('bolus')
    expect(run(freed, settings, 30).pcaGiven).toBe(1)
  })
})

describe('other habits of a pump', () => {
  it('tests itself before it starts, also after a restart', () => {
    const settings: PumpSettings = { ...usual, selfTestSeconds: 10 }
    const starting = run(initialState(settings), settings, 9)
    expect(starting.activity).toBe('starting')
    expect(starting.infusedTotalMl).toBe(0)
    const on = run(starting, settings, 2)
    expect(on.activity).toBe('infusing')
    expect(act(on, settings, 'reboot').activity).toBe('starting')
  })

  it('raises what it is told to raise, stops if that stops a pump, and holds it until it is taken back', () => {
    const told = perform(initialState(usual), usual, { act: 'raise', code: 'drive-fault' })
    const stopped = run(told, usual, 1)
    expect(stopped).toMatchObject({ activity: 'stopped-alarm', alarms: ['drive-fault'] })
    expect(run(act(stopped, usual, 'resume'), usual, 1).activity).toBe('stopped-alarm')
    const ended = perform(stopped, usual, { act: 'end', code: 'drive-fault' })
    expect(run(act(ended, usual, 'resume'), usual, 1)).toMatchObject({ activity: 'infusing', alarms: [] })
  })

  it('finds no clamp above it while its upstream sensor is off', () => {
    const blind = act(act(initialState(usual), usual, 'upstream-sensor-off'), usual, 'occlude-upstream')
    expect(run(blind, usual, 120).alarms).toEqual([])
  })
})
