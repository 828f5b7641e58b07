import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toBytes } from '#simulators/core/crc.ts'
import { Ip1Twin } from '#simulators/core/ip1/twin.ts'
import { NeurowaveTwin } from '#simulators/core/neurowave-ap4000/twin.ts'
import { MivaTwin } from '#simulators/core/zyno-miva/twin.ts'
import { frame as mivaFrame } from '#simulators/core/zyno-miva/frames.ts'
import { describeFault, type FaultName } from '#simulators/core/faults/catalog.ts'
import { WrongClock } from '#simulators/core/faults/wrong-clock.ts'
import type { SimulatedPump } from '#simulators/core/simulated-pump.ts'
import { asked, benchPump, textsOf } from '#test/support/twin-bench.ts'
import { published } from '#test/vectors/neurowave-ap4000.ts'

const daysMs = 86_400_000
const change = (fault: FaultName, on = true, amount = describeFault(fault).amount?.usual ?? 0) =>
  ({ fault, on, amount, way: 'both' }) as const

describe('a wrong clock', () => {
  it('begins anew, is set ahead and drifts, all at once, and is right again when nothing is wrong any more', () => {
    const clock = new WrongClock(0)
    const rightMs = 50 * 365 * daysMs
    expect(clock.isRight).toBe(true)
    clock.set('clock-1970', 0, 0, rightMs)
    expect(rightMs + clock.aheadMs(0)).toBe(60_000)
    clock.set('clock-step', -3_600, 0, rightMs)
    clock.set('clock-drift', 200, 1_000_000, rightMs)
    expect(clock.aheadMs(2_000_000)).toBe(60_000 - rightMs - 3_600_000 + 200)
    expect(clock.driftMs(2_000_000)).toBe(200)
    for (const fault of ['clock-1970', 'clock-step', 'clock-drift'] as const) clock.set(fault, null, 0, rightMs)
    expect([clock.isRight, clock.aheadMs(9e9)]).toEqual([true, 0])
  })

  it('drifts by its ppm over any time', () => {
    fc.assert(
      fc.property(fc.integer({ min: -100_000, max: 100_000 }), fc.nat(1e9), (ppm, ms) => {
        const clock = new WrongClock(0)
        clock.set('clock-drift', ppm, 0, 0)
        expect(clock.aheadMs(ms)).toBeCloseTo((ms * ppm) / 1e6, 3)
      }),
    )
  })
})

const ap4000 = () =>
  benchPump({
    id: '032-19-50-014',
    twin: new NeurowaveTwin('032-19-50-014'),
    profile: 'generic-two-channel',
  })
const dateOf = (pump: SimulatedPump): string =>
  asked(pump, toBytes(`${published.connectRequest}\r\n`))
    .split('^')
    .slice(3, 5)
    .join(' ')
    .split('|')[0] ?? ''

describe('a pump with a wrong clock', () => {
  it('tells the wrong time on its wire until the fault is over', () => {
    const pump = ap4000()
    pump.advance(0)
    expect(dateOf(pump)).toBe('2022-11-04 11:10:36.067')
    pump.fault(change('clock-step'))
    expect(dateOf(pump)).toBe('2022-11-05 11:10:36.067')
    pump.fault(change('clock-step', true, -86_400))
    expect(dateOf(pump)).toBe('2022-11-03 11:10:36.067')
    pump.fault(change('clock-step', false))
    pump.fault(change('clock-1970'))
    expect(dateOf(pump)).toBe('1970-01-01 00:01:00.000')
    pump.advance(3_600_000)
    expect(dateOf(pump)).toBe('1970-01-01 01:01:00.000')
    pump.act({ act: 'reboot' })
    expect(dateOf(pump)).toBe('1970-01-01 00:01:00.000')
    pump.fault(change('clock-1970', false))
    expect(dateOf(pump)).toBe('2022-11-04 11:10:36.067')
    pump.fault(change('clock-drift', true, 10_000))
    pump.advance(pump.nowMs + 100_000)
    expect(dateOf(pump)).toBe('2022-11-04 11:12:17.067')
  })

  it('of a make whose years count from 2000 begins there', () => {
    const pump = benchPump({ id: 'SN800009', twin: new MivaTwin('SN800009'), profile: 'generic-ambulatory' })
    pump.advance(0)
    pump.fault(change('clock-1970'))
    expect(asked(pump, mivaFrame('RC')).slice(1, -3)).toBe('RC010100000100')
    pump.fault(change('clock-step', true, -86_400))
    expect(asked(pump, mivaFrame('RC')).slice(1, -3)).toBe('RC010100000000')
  })

  it('counts its own uptime by the same quartz', () => {
    const identity = { serial: 'P', maker: 'M', model: 'T', firmware: '1', intervalMs: 1000, capabilities: [] }
    const pump = benchPump({ id: 'P', twin: new Ip1Twin({ identity, seed: 1 }), profile: 'generic-ambulatory' })
    pump.advance(0)
    pump.fault(change('clock-drift', true, 100_000))
    const last = textsOf(pump.advance(20_000)).at(-1)
    expect(last?.split(',')[4]).toBe('22000')
  })
})
