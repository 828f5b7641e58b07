import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Credits } from '#gateway/core/credits.ts'
import { Door, PumpAllowance, publishRate, waitingPerAddress } from '#gateway/core/mqtt-limits.ts'
import { mqttKinds, readTopic, topicOf } from '#gateway/core/mqtt-topic.ts'
import { ToldSparingly } from '#gateway/core/told-sparingly.ts'
import { ManualClock } from '#test/support/manual-clock.ts'

const minute = 60_000

describe('credits', () => {
  it('never allow more than the burst and what has filled since', () => {
    const steps = fc.array(fc.record({ waitMs: fc.nat(5_000), takes: fc.nat(30) }), { maxLength: 50 })
    fc.assert(
      fc.property(
        steps,
        fc.integer({ min: 1, max: 60 }),
        fc.double({ min: 0.1, max: 10, noNaN: true }),
        (all, burst, rate) => {
          const credits = new Credits(burst, 0)
          let now = 0
          let taken = 0
          for (const { waitMs, takes } of all) {
            now += waitMs
            for (let n = 0; n < takes; n += 1) if (credits.take(rate, now)) taken += 1
            expect(taken).toBeLessThanOrEqual(burst + (now / 1000) * rate + 1e-6)
          }
        },
      ),
    )
  })

  it('fill again, up to the burst', () => {
    const credits = new Credits(2, 0)
    expect([credits.take(1, 0), credits.take(1, 0), credits.take(1, 0)]).toEqual([true, true, false])
    expect([credits.take(1, 1_000), credits.take(1, 1_000)]).toEqual([true, false])
    expect([credits.take(1, 99_000), credits.take(1, 99_000), credits.take(1, 99_000)]).toEqual([true, true, false])
  })
})

describe('the door', () => {
  it('lets three callers of one address wait, and more when one has gone', () => {
    const door = new Door()
    const knock = (): unknown => door.knock('192.168.1.9', 0)
    expect(Array.from({ length: waitingPerAddress + 1 }, knock)).toEqual([null, null, null, 'addressWaiting'])
    expect(door.knock('192.168.1.10', 0)).toBeNull()
    door.left('192.168.1.9')
    expect(knock()).toBeNull()
  })

  it('takes ten callers a minute that do not say who they are', () => {
    const door = new Door()
    const call = (nowMs: number): unknown => {
      const refusal = door.knock('192.168.1.9', nowMs)
      if (refusal === null) door.left('192.168.1.9')
      return refusal
    }
    expect(Array.from({ length: 11 }, () => call(0)).filter((refusal) => refusal === null)).toHaveLength(10)
    expect(call(0)).toBe('addressRate')
    expect(Array.from({ length: 20 }, () => call(minute)).filter((refusal) => refusal === null)).toHaveLength(10)
  })

  it('takes fifty strangers a second from all addresses together, and pumps from theirs besides', () => {
    const door = new Door()
    const stranger = (nth: number, nowMs: number): unknown => {
      const address = `10.${nth >> 16}.${(nth >> 8) & 255}.${nth & 255}`
      const refusal = door.knock(address, nowMs)
      if (refusal === null) door.left(address)
      return refusal
    }
    expect(door.knock('192.168.1.9', 0)).toBeNull()
    door.passed('192.168.1.9')
    expect(Array.from({ length: 40 }, (_, n) => stranger(n, 0)).filter((refusal) => refusal !== null)).toEqual([])
    expect(stranger(40, 0)).toBe('strangerRate')
    const nextSecond = Array.from({ length: 1_000 }, (_, n) => stranger(1_000 + n, n))
    expect(nextSecond.filter((refusal) => refusal === null).length).toBeLessThanOrEqual(50)
    expect(nextSecond.filter((refusal) => refusal === null).length).toBeGreaterThanOrEqual(49)
    expect(door.knock('192.168.1.9', 1_000)).toBeNull()
    // One address that floods is refused for itself, and spends nothing of what the others have.
    for (let n = 0; n < 1_000; n += 1) stranger(5, 10_000)
    expect(stranger(5, 10_000)).toBe('addressRate')
    expect(stranger(9_000, 10_000)).toBeNull()
  })

  it('knows sixty-four addresses of pumps, and those that came last', () => {
    const door = new Door()
    for (let n = 0; n < 65; n += 1) {
      expect(door.knock(`192.168.1.${n}`, 0)).toBeNull()
      door.passed(`192.168.1.${n}`)
    }
    for (let n = 0; n < 40; n += 1) expect(door.knock(`10.0.0.${n}`, 0)).toBeNull()
    expect(door.knock('192.168.1.64', 0)).toBeNull()
    expect(door.knock('192.168.1.0', 0)).toBe('strangerRate')
  })

  it('keeps nothing of strangers it sends away: who waits is not forgotten for them', () => {
    const door = new Door()
    for (let n = 0; n < waitingPerAddress; n += 1) expect(door.knock('192.168.1.9', 0)).toBeNull()
    while (door.knock('10.9.9.9', 0) === null) door.left('10.9.9.9')
    for (let n = 0; door.knock(`10.1.0.${n}`, 0) === null; n += 1) door.left(`10.1.0.${n}`)
    for (let n = 0; n < 1_000; n += 1) expect(door.knock(`10.2.${n >> 8}.${n & 255}`, 0)).toBe('strangerRate')
    expect(door.knock('192.168.1.9', 1_000)).toBe('addressWaiting')
  })

  it('costs nothing to those who say who they are, however many share an address', () => {
    const door = new Door()
    for (let n = 0; n < 500; n += 1) {
      expect(door.knock('192.168.1.9', 0)).toBeNull()
      door.passed('192.168.1.9')
    }
  })

  it('takes one home’s IPv6 network for one address, and forgets the oldest of very many', () => {
    const door = new Door()
    for (const host of ['1', '2', '3']) expect(door.knock(`fd00:0:0:1::${host}`, 0)).toBeNull()
    expect(door.knock('fd00:0:0:1:aaaa::4', 0)).toBe('addressWaiting')
    expect(door.knock('fd00:0:0:2::1', 0)).toBeNull()
    for (let n = 0; n < 1_000; n += 1) expect(door.knock(`10.0.${n >> 8}.${n & 255}`, n * 20)).toBeNull()
    expect(door.knock('fd00:0:0:1::9', 20_000)).toBeNull()
  })
})

describe('what a pump may send', () => {
  it('is at least one message a second of each kind after a burst of fifty', () => {
    for (const kind of mqttKinds)
      for (const intervalMs of [500, 1_000, 5_000]) {
        const { burst, perSecond } = publishRate(kind, intervalMs)
        expect(burst).toBe(50)
        expect(perSecond).toBeGreaterThanOrEqual(1)
        if (kind === 'telemetry') expect(perSecond).toBeGreaterThan(1000 / intervalMs - 1e-9)
      }
  })

  it('is counted for each kind apart: no flood of telemetry stands in the way of an alarm', () => {
    const allowance = new PumpAllowance()
    const take = (kind: 'telemetry' | 'alarm'): boolean => allowance.publish('P-1', kind, 1_000, 0)
    for (let n = 0; n < 50; n += 1) expect(take('telemetry')).toBe(true)
    expect(take('telemetry')).toBe(false)
    expect(take('alarm')).toBe(true)
    expect(allowance.publish('P-2', 'telemetry', 1_000, 0)).toBe(true)
  })
})

describe('a topic', () => {
  it('is read exactly', () => {
    expect(readTopic('pumps/P-1/alarm')).toEqual({ pumpId: 'P-1', kind: 'alarm' })
    for (const other of [
      'pumps/P-1/cmd',
      'pumps//alarm',
      'pumps/P-1/alarm/',
      '/pumps/P-1/alarm',
      'Pumps/P-1/alarm',
      'pumps/+/alarm',
      'pumps/P-1/#',
      '$SYS/P-1/alarm',
      'pumps/__proto__/alarm',
      'pumps/P-1/__proto__',
      'pumps/P-1/constructor',
    ])
      expect(readTopic(other), other).toBeNull()
    expect(readTopic('pumps/constructor/alarm')).toEqual({ pumpId: 'constructor', kind: 'alarm' })
    expect(readTopic('ward 7/devices/P-1/status', 'ward 7/devices')).toEqual({ pumpId: 'P-1', kind: 'status' })
    expect(readTopic('ward 7/P-1/status', 'ward 7/devices')).toBeNull()
  })

  it('is the same after writing and reading, and nothing else is read', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const topic = readTopic(text)
        expect(topic === null || topicOf(topic) === text).toBe(true)
      }),
    )
  })
})

describe('a sentence of the log', () => {
  it('is said once a minute, with how often it was not', () => {
    const clock = new ManualClock()
    const sparingly = new ToldSparingly(clock)
    const said: number[] = []
    const tell = (): void => sparingly.tell('wrongSecret', (heldBack) => said.push(heldBack))
    for (let n = 0; n < 100; n += 1) tell()
    clock.advance(minute)
    tell()
    tell()
    expect(said).toEqual([0, 99])
    sparingly.tell('over', (heldBack) => said.push(heldBack))
    expect(said).toEqual([0, 99, 0])
  })
})
