import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Act, ActName } from '#simulators/core/acts.ts'
import { actNames } from '#simulators/core/acts.ts'
import { perform } from '#simulators/core/pump-hands.ts'
import { step } from '#simulators/core/pump-model.ts'
import { pumpProfiles, type PumpSettings } from '#simulators/core/pump-settings.ts'
import {
  batteryPercent,
  flowNow,
  initialState,
  linePressureMmHg,
  programRemainingMl,
  type PumpState,
} from '#simulators/core/pump-state.ts'

const usual: PumpSettings = pumpProfiles['generic-ambulatory']
const quantum = 50

const run = (state: PumpState, settings: PumpSettings, seconds: number): PumpState => {
  let next = state
  for (let ms = 0; ms < seconds * 1000; ms += quantum) next = step(next, settings, quantum)
  return next
}

const act = (state: PumpState, settings: PumpSettings, name: ActName, amount?: number): PumpState =>
  perform(state, settings, amount === undefined ? { act: name } : { act: name, amount })

const secondsUntil = (state: PumpState, settings: PumpSettings, limit: number, met: (s: PumpState) => boolean) => {
  let next = state
  for (let ms = 0; ms <= limit * 1000; ms += quantum) {
    if (met(next)) return { seconds: ms / 1000, state: next }
    next = step(next, settings, quantum)
  }
  throw new Error(`not within ${limit} s`)
}

const occluded = (rateMlPerHour: number) => {
  const settings = { ...usual, rateMlPerHour }
  const start = act(initialState(settings), settings, 'occlude')
  return {
    settings,
    ...secondsUntil(start, settings, 4 * 3600, (state) => state.alarms.includes('occlusion-downstream')),
  }
}

describe('flow', () => {
  it('delivers the programmed rate', () => {
    const after = run(initialState(usual), usual, 3600)
    expect(after.infusedTotalMl).toBeCloseTo(50, 6)
    expect(after.patientMl).toBeCloseTo(50, 6)
    expect(after.bagMl).toBeCloseTo(470, 6)
  })

  it('goes on at the KVO rate when the volume to be infused is in, and counts it', () => {
    const settings = { ...usual, vtbiMl: 1, rateMlPerHour: 60 }
    const after = run(initialState(settings), settings, 120)
    expect(after.activity).toBe('kvo')
    expect(after.alarms).toEqual(['kvo-active'])
    expect(flowNow(after, settings)).toBe(2)
    expect(programRemainingMl(after)).toBe(0)
    expect(after.infusedTotalMl).toBeCloseTo(1 + 2 / 60, 2)
  })

  it('stops complete when no KVO rate is set, and a new program starts again', () => {
    const settings = { ...usual, vtbiMl: 1, rateMlPerHour: 60, kvoRateMlPerHour: 0 }
    const done = run(initialState(settings), settings, 61)
    expect(done.activity).toBe('complete')
    expect(done.alarms).toEqual(['infusion-complete'])
    expect(done.infusedTotalMl).toBeCloseTo(1, 9)

    const again = run(act(done, settings, 'new-program'), settings, 1)
    expect(again.activity).toBe('infusing')
    expect(again.alarms).toEqual([])
  })
})

describe('a downstream occlusion', () => {
  it('raises the pressure until the limit, then the pump stops and says so', () => {
    const start = act(initialState(usual), usual, 'occlude')
    const later = run(start, usual, 20)
    expect(linePressureMmHg(later, usual)).toBeGreaterThan(linePressureMmHg(start, usual) + 100)
    expect(later.activity).toBe('infusing')

    const { state } = secondsUntil(later, usual, 60, (next) => next.alarms.length > 0)
    expect(state.alarms).toEqual(['occlusion-downstream'])
    expect(state.activity).toBe('stopped-alarm')
    expect(flowNow(state, usual)).toBe(0)
  })

  it('stays unnoticed longer the slower the pump is', () => {
    const fast = occluded(125).seconds
    const slow = occluded(12.5).seconds
    expect(fast).toBeGreaterThan(8)
    expect(fast).toBeLessThan(20)
    expect(slow / fast).toBeGreaterThan(8)
    expect(occluded(1).seconds).toBeGreaterThan(20 * 60)
  })

  it('ends when the line is freed: what was trapped reaches the patient within seconds and the pump goes on', () => {
    const { state, settings } = occluded(125)
    const trapped = state.trappedMl
    const freed = run(act(state, settings, 'release'), settings, 4)
    expect(freed.alarms).toEqual([])
    expect(freed.activity).toBe('infusing')
    expect(freed.patientMl).toBeGreaterThan(trapped * 0.98)
  })

  it('waits for start when the pump does not restart by itself, and refuses start while it is still there', () => {
    const settings = { ...usual, rateMlPerHour: 125, restartsAfterOcclusion: false }
    const start = act(initialState(settings), settings, 'occlude')
    const { state } = secondsUntil(start, settings, 60, (next) => next.alarms.length > 0)
    expect(run(act(state, settings, 'resume'), settings, 1).activity).toBe('stopped-alarm')

    const freed = run(act(state, settings, 'release'), settings, 5)
    expect(freed.alarms).toEqual(['occlusion-downstream'])
    const resumed = run(act(freed, settings, 'resume'), settings, 1)
    expect(resumed.activity).toBe('infusing')
    expect(resumed.alarms).toEqual([])
  })
})

const alarmsAfter = (name: ActName, amount: number | undefined, seconds: number): PumpState =>
  run(act(initialState(usual), usual, name, amount), usual, seconds)

describe('other conditions', () => {
  it('finds a closed clamp above the pump and frees itself', () => {
    const stopped = alarmsAfter('occlude-upstream', undefined, 12)
    expect(stopped.alarms).toEqual(['occlusion-upstream'])
    expect(stopped.activity).toBe('stopped-alarm')
    expect(run(act(stopped, usual, 'release-upstream'), usual, 1).alarms).toEqual([])
  })

  it('adds up air as it comes down the line, and nothing when the detector is off', () => {
    expect(alarmsAfter('inject-air', 1, 5).alarms).toEqual([])
    const stopped = alarmsAfter('inject-air', 1, 60)
    expect(stopped.alarms).toEqual(['air-in-line'])
    expect(run(act(stopped, usual, 'resume'), usual, 1).alarms).toEqual(['air-in-line'])
    const primed = act(act(stopped, usual, 'clear-air'), usual, 'resume')
    expect(run(primed, usual, 1).alarms).toEqual([])

    const blind = act(act(initialState(usual), usual, 'air-detector-off'), usual, 'inject-air', 1)
    expect(run(blind, usual, 120).alarms).toEqual([])
  })

  it('warns before the bag is empty and stops when it is', () => {
    expect(alarmsAfter('empty-bag', 5, 1).alarms).toEqual(['reservoir-low'])
    const empty = alarmsAfter('empty-bag', 0.1, 20)
    expect(empty.alarms).toEqual(['reservoir-empty'])
    const changed = act(act(empty, usual, 'change-bag'), usual, 'resume')
    expect(run(changed, usual, 1).activity).toBe('infusing')
  })

  it('shows a battery that runs down: low, depleted and stopped, then silent', () => {
    const low = alarmsAfter('drain-battery', 19, 1)
    expect(low.alarms).toEqual(['battery-low'])
    expect(low.activity).toBe('infusing')
    const depleted = run(act(low, usual, 'drain-battery', 2), usual, 1)
    expect(depleted.alarms).toEqual(['battery-depleted'])
    expect(depleted.activity).toBe('stopped-alarm')
    const dead = run(act(depleted, usual, 'drain-battery', 0), usual, 1)
    expect(dead.activity).toBe('off')
    expect(run(act(low, usual, 'mains-on'), usual, 60).alarms).toEqual([])
  })

  it('discharges and charges', () => {
    const hour = run(initialState(usual), usual, 3600)
    expect(batteryPercent(hour)).toBeLessThan(88)
    const charged = run(act(hour, usual, 'mains-on'), usual, 3600)
    expect(batteryPercent(charged)).toBeGreaterThan(batteryPercent(hour))
  })

  it('says when it has been paused too long', () => {
    const paused = alarmsAfter('pause', undefined, 60)
    expect(paused.activity).toBe('paused')
    expect(paused.alarms).toEqual([])
    const long = run(paused, usual, 61)
    expect(long.alarms).toEqual(['paused-too-long'])
    expect(run(act(long, usual, 'resume'), usual, 1)).toMatchObject({ activity: 'infusing', alarms: [] })
  })

  it('holds two alarms at once and shows the more urgent first', () => {
    const both = run(act(alarmsAfter('drain-battery', 19, 1), usual, 'cassette-off'), usual, 1)
    expect(both.alarms).toEqual(['cassette-detached', 'battery-low'])
  })

  it('forgets its counter over a restart and stays silent without power', () => {
    const running = run(initialState(usual), usual, 60)
    const off = run(act(running, usual, 'power-off'), usual, 60)
    expect(off.uptimeMs).toBe(running.uptimeMs)
    expect(off.infusedTotalMl).toBe(running.infusedTotalMl)
    const on = act(off, usual, 'power-on')
    expect(on).toMatchObject({ boots: 2, uptimeMs: 0, infusedTotalMl: 0, activity: 'infusing' })
  })
})

describe('conservation', () => {
  it('every millilitre is in the bag, in the line or at the patient, whatever happens', () => {
    const arbitraryAct = fc.record({
      name: fc.constantFrom(...actNames.filter((name) => !['new-program', 'change-bag', 'empty-bag'].includes(name))),
      seconds: fc.integer({ min: 0, max: 120 }),
    })
    fc.assert(
      fc.property(fc.array(arbitraryAct, { maxLength: 25 }), fc.integer({ min: 1, max: 400 }), (story, rate) => {
        const settings = { ...usual, rateMlPerHour: rate, bagMl: 20 }
        let state = initialState(settings)
        let injected = 0
        for (const { name, seconds } of story) {
          const next: Act = { act: name }
          if (name === 'inject-air') injected += 1
          if (name === 'clear-air') injected -= state.airAheadMl
          state = run(perform(state, settings, next), settings, seconds)
        }
        const source = settings.bagMl + injected
        const found = state.bagMl + state.airAheadMl - state.upstreamDeficitMl + state.trappedMl + state.patientMl
        expect(found).toBeCloseTo(source, 6)
        expect(state.bagMl).toBeGreaterThanOrEqual(0)
        expect(state.trappedMl).toBeGreaterThanOrEqual(0)
      }),
      { numRuns: 60 },
    )
  })
})
