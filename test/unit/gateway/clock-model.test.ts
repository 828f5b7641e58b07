import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ClockModel } from '#gateway/core/clock-model.ts'
import type { ClockQuality } from '#domain/uplink/records.ts'
import type { ClockReading, ClockStep } from '#gateway/core/clock-model.ts'

const now = Date.UTC(2026, 0, 5, 8)
const dayMs = 86_400_000
const knownTime = now - 30 * dayMs

/** A hub whose clock a test moves; `trueTime` is the server's. */
class Hub {
  readonly model = new ClockModel(knownTime)
  readonly steps: ClockStep[] = []
  quality: ClockQuality = 'none'
  trueTime = now
  wallAt: number
  monotonicMs = 0
  /** Of the hub's oscillator, against the server: negative runs slow. */
  ppm = 0

  constructor(wallAt = now) {
    this.wallAt = wallAt
    this.look()
  }

  get reading(): ClockReading {
    return { monotonicMs: this.monotonicMs, wallAt: Math.round(this.wallAt), quality: this.quality }
  }

  get status() {
    return this.model.status(this.reading)
  }

  look(): void {
    const step = this.model.observe(this.reading)
    if (step !== null) this.steps.push(step)
  }

  pass(ms: number, every = 1_000): this {
    for (let left = ms; left > 0; left -= every) {
      const passed = Math.min(every, left)
      this.trueTime += passed
      this.monotonicMs += passed * (1 + this.ppm / 1e6)
      this.wallAt += passed * (1 + this.ppm / 1e6)
      this.look()
    }
    return this
  }

  set(byMs: number): this {
    this.wallAt += byMs
    return this
  }

  anchor(errorMs = 5): this {
    this.model.anchored({ monotonicMs: this.monotonicMs, serverAt: this.trueTime, errorMs })
    return this
  }
}

describe('steps of the wall clock', () => {
  it('are found against monotonic time, once each', () => {
    const hub = new Hub().pass(10_000).set(dayMs).pass(10_000)
    expect(hub.steps).toEqual([{ byMs: dayMs, steps: 1 }])
    hub.pass(60_000).set(-dayMs).pass(60_000)
    expect(hub.steps).toEqual([
      { byMs: dayMs, steps: 1 },
      { byMs: -dayMs, steps: 1 },
    ])
  })

  it('within a minute are told together, so that a clock gone mad cannot fill the outbox', () => {
    const hub = new Hub().pass(1_000)
    for (let second = 0; second < 300; second += 1) hub.set(second % 2 === 0 ? 5_000 : -4_000).pass(1_000)
    expect(hub.steps.length).toBe(5)
    hub.pass(60_000)
    expect(hub.steps.reduce((sum, { byMs }) => sum + byMs, 0)).toBe(150_000)
    expect(hub.status.steps).toBe(300)
  })

  it('are not seen in what a time server corrects slowly, nor in a late look', () => {
    const hub = new Hub()
    for (let minute = 0; minute < 60; minute += 1) hub.set(29).pass(60_000, 60_000)
    hub.pass(7_200_000, 7_200_000)
    expect(hub.steps).toEqual([])
  })

  it('cast doubt for ten minutes', () => {
    const hub = new Hub().anchor().pass(1_000).set(2_000).pass(1_000)
    expect(hub.status.doubt).toBe('stepped')
    hub.anchor().pass(600_000)
    expect(hub.status.doubt).toBeNull()
  })
})

describe('what a hub may believe of its clock', () => {
  it('is nothing before a known time, and the server’s word once it has it', () => {
    const hub = new Hub(0)
    expect(hub.status).toMatchObject({ doubt: 'before-known-time', offsetMs: null, uncertaintyMs: null })
    hub.anchor().pass(1_000)
    expect(hub.status).toMatchObject({ doubt: 'off', offsetMs: -now, uncertaintyMs: 5 })
    expect(hub.status.words).toBe(
      'set by nothing: no time server and no battery clock; 56 years behind the server. Not trusted: it differs from the server by more than 5 s',
    )
    expect(hub.model.serverNow(hub.monotonicMs)?.at).toBe(hub.trueTime)
  })

  it('is little when nobody vouches for it a minute after the start, unless a time server does', () => {
    const hub = new Hub().pass(59_000)
    expect(hub.status.doubt).toBeNull()
    expect(hub.pass(1_000).status.doubt).toBe('unanchored')
    hub.quality = 'ntp'
    expect(hub.status).toMatchObject({
      doubt: null,
      words: 'set by a time server; no server has told the time since the start',
    })
  })

  it('ends at 5 s from the server, beyond what is uncertain', () => {
    const hub = new Hub().anchor(5).set(5_005)
    expect(hub.status.doubt).toBeNull()
    hub.set(1)
    expect(hub.status.doubt).toBe('off')
  })

  it('fades without the server: more than 5 s uncertain after a day and four hours', () => {
    const hub = new Hub().anchor(0).pass(100_000_000, 1_000_000)
    expect(hub.status).toMatchObject({ doubt: null, uncertaintyMs: 5_000 })
    expect(hub.pass(1_000).status.doubt).toBe('uncertain')
  })

  it('tells the drift of the oscillator once it is known well enough, over a server that was set', () => {
    const hub = new Hub()
    hub.ppm = -200
    hub.anchor(5).pass(300_000).anchor(5)
    expect(hub.status.driftPpm).toBeNull()
    hub.pass(900_000).anchor(5)
    expect(hub.status.driftPpm).toEqual({ value: 200, error: 8.3 })
    hub.trueTime -= 3_600_000
    hub.pass(1_000).anchor(5)
    expect(hub.status.driftPpm).toBeNull()
    hub.pass(1_200_000).anchor(5)
    expect(hub.status.driftPpm).toEqual({ value: 200, error: 8.3 })
  })

  it('keeps only a time that something vouches for', () => {
    const hub = new Hub(0)
    expect(hub.model.vouchedTime(hub.reading)).toBeNull()
    hub.quality = 'ntp'
    expect(hub.model.vouchedTime(hub.reading)).toBeNull()
    hub.set(now)
    expect(hub.model.vouchedTime(hub.reading)).toBe(now)
    hub.quality = 'none'
    hub.set(-now).anchor()
    expect(hub.model.vouchedTime(hub.reading)).toBe(now)
  })

  it.each([
    ['set by a time server', 'ntp', 0, false],
    ['set by a time server, to a time that is past', 'ntp', -60 * dayMs, true],
    ['set by nothing', 'none', 0, true],
    ['set in a way that nobody knows', 'unknown', 0, true],
    ['set from a battery clock', 'device-rtc', 0, true],
  ] as const)('lets dates of certificates be judged otherwise: a clock %s', (_name, quality, byMs, suspect) => {
    const hub = new Hub().set(byMs)
    hub.quality = quality
    expect(hub.model.isSuspect(hub.reading)).toBe(suspect)
  })
})

describe('whatever happens to the clock', () => {
  const act = fc.oneof(
    fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 90_000 }) }),
    fc.record({
      kind: fc.constant('set' as const),
      ms: fc.constantFrom(dayMs, -dayMs, 3_600_000, -3_600_000, -now, 2_000),
    }),
    fc.record({ kind: fc.constant('anchor' as const), ms: fc.integer({ min: 0, max: 400 }) }),
  )

  it('server time stays inside its band, and all steps together are what the clock was set by', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 40 }), fc.integer({ min: -50, max: 50 }), (acts, ppm) => {
        const hub = new Hub()
        hub.ppm = ppm
        let setBy = 0
        let slewed = 0
        for (const { kind, ms } of acts) {
          if (kind === 'set') {
            hub.set(ms).look()
            setBy += ms
          } else if (kind === 'anchor') hub.anchor(ms)
          else {
            hub.pass(ms)
            slewed += ms
          }
          const server = hub.model.serverNow(hub.monotonicMs)
          if (server !== null)
            expect(Math.abs(server.at - hub.trueTime)).toBeLessThanOrEqual(server.uncertaintyMs + 0.01)
        }
        hub.pass(61_000)
        const told = hub.steps.reduce((sum, { byMs }) => sum + byMs, 0)
        expect(Math.abs(told - setBy)).toBeLessThanOrEqual(1 + slewed / 1000)
      }),
    )
  })
})
