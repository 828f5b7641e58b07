import { describe, expect, it } from 'vitest'
import { HubId } from '#domain/ids.ts'
import { ConnectionCap } from '#server/core/pressure/connection-cap.ts'
import { HubGate } from '#server/core/pressure/hub-gate.ts'
import { LoopWatch } from '#server/core/pressure/loop-watch.ts'
import { Shedding } from '#server/core/pressure/shedding.ts'
import { TokenBuckets } from '#server/core/pressure/token-buckets.ts'
import { openHubBench } from '#test/support/hub-bench.ts'
import { ManualClock } from '#test/support/manual-clock.ts'
import type { PressureLevel } from '#server/core/pressure/loop-watch.ts'

const hub = HubId.parse('hub-1')

/** One look after another, each late by so many ms. */
const lateBy = (...lateness: readonly number[]): PressureLevel[] => {
  let late = 0
  const clock = new ManualClock()
  const watch = new LoopWatch({
    clock,
    scheduler: { after: (ms, task) => clock.after(ms + late, task) },
  })
  late = lateness[0] ?? 0
  watch.start()
  return lateness.map((_, place) => {
    const now = late
    late = lateness[place + 1] ?? 0
    clock.advance(500 + now)
    return watch.level
  })
}

describe('the event loop', () => {
  it('that is late once, however much, is no load', () => {
    expect(lateBy(0, 0, 20_000, 0, 5_000, 5_000, 0, 0)).toEqual([0, 0, 0, 0, 0, 0, 0, 0])
  })

  it('that stays late makes telemetry give way, and looks back when it is very late', () => {
    expect(lateBy(300, 300, 300, 300)).toEqual([0, 0, 1, 1])
    expect(lateBy(800, 800, 800, 300)).toEqual([0, 0, 2, 2])
    expect(lateBy(249, 249, 249, 249)).toEqual([0, 0, 0, 0])
  })

  it('has to be calm for ten looks for each step down', () => {
    const calm = Array.from({ length: 24 }, () => 50)
    const levels = lateBy(800, 800, 800, ...calm)
    expect([levels[2], levels.indexOf(1), levels.indexOf(0, 3)]).toEqual([2, 12, 22])
    expect(lateBy(300, 300, 300, ...Array.from({ length: 20 }, () => 200)).at(-1)).toBe(1)
  })
})

const bench = () => {
  const clock = new ManualClock()
  const state = { level: 0 as PressureLevel, inWork: 0 }
  const shedding = new Shedding({
    loop: {
      get level() {
        return state.level
      },
    },
    inWork: () => state.inWork,
    clock,
  })
  return { clock, state, shedding }
}

describe('what gives way', () => {
  it('is telemetry first, then looks back, each counted with its reason', () => {
    const { state, shedding } = bench()
    expect([shedding.sheds('telemetry'), shedding.sheds('reads')]).toEqual([null, null])
    state.level = 1
    expect([shedding.sheds('telemetry'), shedding.sheds('reads')]).toEqual(['event-loop', null])
    state.level = 2
    expect([shedding.sheds('telemetry'), shedding.sheds('reads')]).toEqual(['event-loop', 'event-loop'])
    Object.assign(state, { level: 0, inWork: 200 })
    expect([shedding.sheds('telemetry'), shedding.sheds('reads')]).toEqual(['queue', null])
    expect(shedding.counts()).toEqual([
      { lane: 'telemetry', reason: 'event-loop', count: 2 },
      { lane: 'telemetry', reason: 'queue', count: 1 },
      { lane: 'reads', reason: 'event-loop', count: 1 },
      { lane: 'reads', reason: 'queue', count: 0 },
    ])
  })

  it('is somebody’s business after a minute, and until five minutes were quiet', () => {
    const { clock, state, shedding } = bench()
    state.level = 1
    for (let second = 0; second < 60; second += 5) {
      shedding.sheds('telemetry')
      expect(shedding.trouble()).toBeNull()
      clock.advance(5_000)
    }
    shedding.sheds('telemetry')
    const told = shedding.trouble()
    expect(told).toMatch(/^the server has more to do than it can/)
    clock.advance(200_000)
    shedding.sheds('telemetry')
    clock.advance(299_000)
    expect(shedding.trouble()).toBe(told)
    clock.advance(1_000)
    expect(shedding.trouble()).toBeNull()
  })

  it('that comes back after a pause begins anew', () => {
    const { clock, state, shedding } = bench()
    state.level = 1
    for (let minute = 0; minute < 10; minute += 1) {
      shedding.sheds('telemetry')
      clock.advance(31_000)
      expect(shedding.trouble()).toBeNull()
    }
  })
})

describe('the gate for hubs', () => {
  const open = { sheds: () => null }
  const shut = { sheds: () => 'event-loop' as const }

  it('turns telemetry away under load, and never an alarm or a heartbeat, whatever an address did', () => {
    const gate = new HubGate(shut, new ManualClock())
    for (let n = 0; n < 10_000; n += 1) gate.failed('10.0.0.1', 'bad_signature')
    expect(gate.arrives('telemetry', '10.0.0.2')).toBe('overloaded')
    for (const lane of ['alarm', 'heartbeat'] as const) {
      expect(gate.arrives(lane, '10.0.0.1')).toBeNull()
      for (let n = 0; n < 10_000; n += 1) expect(gate.proven(lane, hub)).toBeNull()
    }
  })

  it('counts against an address what could not be proven, and against nobody else', () => {
    const clock = new ManualClock()
    const gate = new HubGate(open, clock)
    for (let n = 0; n < 119; n += 1) gate.failed('10.0.0.1', 'bad_signature')
    expect(gate.arrives('telemetry', '10.0.0.1')).toBeNull()
    gate.failed('10.0.0.1', 'bad_signature')
    expect(gate.arrives('telemetry', '10.0.0.1')).toBe('too_many_requests')
    expect(gate.arrives('telemetry', '10.0.0.2')).toBeNull()
    expect(gate.limited).toEqual({ hub: 0, stranger: 1 })
    clock.advance(500)
    expect(gate.arrives('telemetry', '10.0.0.1')).toBeNull()
  })

  it('lets alarms of whoever cannot prove anything in when the others who are there were served, one after the other', async () => {
    const { app } = await openHubBench()
    const say = (remoteAddress: string) =>
      app.inject({
        method: 'POST',
        url: '/hub/v1/alarm',
        remoteAddress,
        headers: { 'content-type': 'application/json' },
        payload: '{}',
      })
    for (let n = 0; n < 120; n += 1) expect((await say('10.0.0.1')).statusCode).toBe(401)
    const answered: string[] = []
    await Promise.all(
      ['10.0.0.1', '10.0.0.1', '10.0.0.1', '10.0.0.2', '10.0.0.2'].map(async (address) => {
        expect((await say(address)).statusCode).toBe(401)
        answered.push(address)
      }),
    )
    expect(answered).toEqual(['10.0.0.2', '10.0.0.2', '10.0.0.1', '10.0.0.1', '10.0.0.1'])
    await app.close()
  })

  it('counts pairing and the time, which prove nothing, at once', () => {
    const gate = new HubGate(open, new ManualClock())
    const answers = Array.from({ length: 121 }, () => gate.arrives('time', '10.0.0.1'))
    expect(answers.filter((answer) => answer === null)).toHaveLength(120)
    expect(gate.arrives('pairing', '10.0.0.1')).toBe('too_many_requests')
  })

  it('limits the samples of one hub once they are its own, wherever they come from', () => {
    const clock = new ManualClock()
    const gate = new HubGate(open, clock)
    const answers = Array.from({ length: 401 }, () => gate.proven('telemetry', hub))
    expect([answers.indexOf('too_many_requests'), gate.limited.hub]).toEqual([400, 1])
    expect(gate.proven('telemetry', HubId.parse('hub-2'))).toBeNull()
    clock.advance(1_000)
    expect(Array.from({ length: 81 }, () => gate.proven('telemetry', hub)).filter((one) => one === null)).toHaveLength(
      80,
    )
  })
})

it('buckets forget those that asked longest ago: many addresses fill no memory', () => {
  const buckets = new TokenBuckets({ burst: 1, perSecond: 0 })
  for (let n = 0; n <= 10_000; n += 1) buckets.take(`address ${n}`, 0)
  expect([buckets.take('address 10000', 0), buckets.take('address 0', 0)]).toEqual([false, true])
})

it('one address holds a bounded number of connections', () => {
  const cap = new ConnectionCap(2)
  expect(['10.0.0.1', '10.0.0.1', '10.0.0.1', '10.0.0.2'].map((one) => cap.came(one))).toEqual([
    true,
    true,
    false,
    true,
  ])
  cap.left('10.0.0.1')
  expect([cap.came('10.0.0.1'), cap.came('10.0.0.1'), cap.refused]).toEqual([true, false, 2])
})
