import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDelays, delayAt, joined, noDelays } from '#domain/hub-day/delays.ts'
import { networkOf } from '#domain/hub-day/network.ts'
import { beginDay, hearBeat, passSlots, slotMs, slotsOfDay } from '#domain/hub-day/slots.ts'
import type { HubDay } from '#domain/hub-day/slots.ts'

const start = slotMs * 6_000_000
const beat = 10_000

const hear = (day: HubDay, from: number, to: number, restarts: readonly number[] = []): HubDay => {
  let now = day
  for (let at = from; at < to; at += beat) now = hearBeat(now, at, restarts.includes(at))
  return now
}

describe('a hub’s day', () => {
  it('is heard, partly silent or silent, five minutes at a time, and marks restarts', () => {
    let day = hear(beginDay(start), start, start + slotMs)
    day = hear(day, start + slotMs, start + slotMs + 60_000)
    day = hear(day, start + 3 * slotMs + 120_000, start + 4 * slotMs)
    day = hear(day, start + 4 * slotMs, start + 5 * slotMs, [start + 4 * slotMs + 2 * beat])
    expect(passSlots(day, start + 5 * slotMs).slots).toBe('hp.pH')
    expect(passSlots(beginDay(start), start + slotMs).slots).toBe('s')
  })

  it('closes each slot in time although nothing comes: silence is found by a look, not by data', () => {
    let day = beginDay(start)
    for (let slot = 1; slot <= 4; slot += 1) day = passSlots(day, start + slot * slotMs)
    expect(day.slots).toBe('ssss')
  })

  it('says that it does not know what happened while the server was down', () => {
    const kept = hear(beginDay(start), start, start + slotMs)
    const { slots, lastSlot } = passSlots(kept, start + slotMs)
    const again = beginDay(start + 4 * slotMs + 100, { slots, lastSlot })
    expect(passSlots(hear(again, start + 4 * slotMs + beat, start + 5 * slotMs), start + 5 * slotMs).slots).toBe(
      'h...h',
    )
  })

  it('makes no silence of the seconds before a start', () => {
    const late = beginDay(start + slotMs - 5_000)
    expect(passSlots(late, start + slotMs).slots).toBe('.')
  })

  it('holds 24 hours and no more, whatever comes in whatever order', () => {
    const times = fc.array(fc.integer({ min: 0, max: 3 * slotsOfDay * slotMs }), { maxLength: 200 })
    fc.assert(
      fc.property(times, (offsets) => {
        let day = beginDay(start)
        for (const offset of offsets)
          day = offset % 2 === 0 ? hearBeat(day, start + offset, offset % 3 === 0) : passSlots(day, start + offset)
        return day.slots.length <= slotsOfDay && /^[.hHpPs]*$/.test(day.slots)
      }),
    )
  })

  it('takes no slot back when the clock is set back', () => {
    const day = hear(beginDay(start), start, start + 2 * slotMs)
    expect(hearBeat(day, start - slotMs, false)).toBe(day)
  })
})

describe('how long records took', () => {
  it('is told within a factor of 1.42, never above the longest', () => {
    const took = addDelays(noDelays, [5, 120, 130, 140, 900_000])
    expect(delayAt(took, 0.5)).toBeGreaterThanOrEqual(130)
    expect(delayAt(took, 0.5)).toBeLessThanOrEqual(130 * 1.42)
    expect(delayAt(took, 1)).toBe(900_000)
    expect(delayAt(noDelays, 0.5)).toBeNull()
    expect(delayAt(addDelays(noDelays, [-5_000]), 0.95)).toBe(0)
  })

  it('of two halves is as of the whole', () => {
    const ms = fc.array(fc.integer({ min: -1000, max: 5_000_000_000 }), { minLength: 1, maxLength: 50 })
    fc.assert(
      fc.property(ms, ms, (a, b) => {
        const whole = addDelays(noDelays, [...a, ...b])
        expect(joined(addDelays(noDelays, a), addDelays(noDelays, b))).toEqual(whole)
      }),
    )
  })
})

describe('the net of an address', () => {
  it('is what neighbours share, and never the whole address', () => {
    expect(networkOf('203.0.113.77')).toBe('203.0.113.0/24')
    expect(networkOf('::ffff:203.0.113.77')).toBe('203.0.113.0/24')
    expect(networkOf('2001:db8:12:34::1')).toBe('2001:db8:12::/48')
    expect(networkOf('2001:0db8:0012:34:5:6:7:8')).toBe('2001:db8:12::/48')
    expect(networkOf('fe80::1%eth0')).toBe('fe80:0:0::/48')
    expect(networkOf('::1')).toBe('0:0:0::/48')
    expect(networkOf('somewhere')).toBeNull()
    expect(networkOf('1:2:3')).toBeNull()
  })
})
