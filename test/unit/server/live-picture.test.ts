import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BootId, ChannelId, HubId, PumpId } from '#domain/ids.ts'
import { emptySample } from '#domain/telemetry.ts'
import { instant } from '#domain/time.ts'
import { createGuessingBrake } from '#server/core/guessing-brake.ts'
import { createLivePicture } from '#server/core/live-picture.ts'
import { fromOwnPage } from '#server/core/origins.ts'
import { readSessionCookie } from '#server/core/session-cookie.ts'
import { createUpdateRing } from '#server/core/update-ring.ts'
import type { DatedRecord } from '#server/core/ports.ts'
import { ManualClock } from '#test/support/manual-clock.ts'
import { MemoryLiveFeed } from '#test/support/memory-live-feed.ts'
import { pumpReport } from '#test/support/server-bench.ts'

const hubId = HubId.parse('hub-1')
const pumpId = PumpId.parse('P-1')

const dated = (boot: string, seq: number, at: number, demo = false, channel = '1', numbering = 0): DatedRecord => ({
  hubId,
  occurredAt: instant(at),
  uncertaintyMs: 0,
  numbering,
  receivedAt: instant(50_000),
  late: false,
  record: {
    kind: 'telemetry',
    lane: 'telemetry',
    pumpId,
    bootId: BootId.parse(boot),
    seq,
    monotonicMs: 0,
    wallAt: 0,
    clockQuality: 'none',
    body: {
      ...emptySample(ChannelId.parse(channel), 'P-1'),
      infusedTotalMl: seq,
      measurementStatus: demo ? ['valid', 'demo'] : ['valid'],
    },
  },
})

const open = () => {
  const feed = new MemoryLiveFeed()
  const picture = createLivePicture({ clock: new ManualClock(), epoch: 'e', assignments: new Map() })
  picture.publishTo(feed)
  const sample = (boot: string, seq: number, at: number, demo = false, channel = '1', numbering = 0): void =>
    picture.take([dated(boot, seq, at, demo, channel, numbering)])
  return { picture, feed, sample, shown: () => picture.pump(pumpId)?.sample?.infusedTotalMl ?? null }
}

describe('the live picture', () => {
  it('numbers every change by one', () => {
    const { picture, feed } = open()
    picture.commit({ pumps: [{ hubId, report: pumpReport(pumpId) }] })
    picture.commit({ pumps: [{ hubId, report: pumpReport(pumpId) }] })
    picture.setLink(pumpId, 'lost')
    expect(feed.updates.map(({ at }) => at.seq)).toEqual([1, 2])
    expect(picture.at()).toEqual({ epoch: 'e', seq: 2 })
  })

  it('keeps the channels of a pump apart, in the order of their ids, whichever speaks first', () => {
    const { picture, sample } = open()
    const shown = () => {
      const pump = picture.pump(pumpId)
      return [pump?.sample, ...(pump?.otherChannels ?? []).map((one) => one.sample)].map((one) => [
        one?.channelId,
        one?.infusedTotalMl,
      ])
    }
    sample('b', 2, 1000, false, '2')
    expect(shown()).toEqual([['2', 2]])
    sample('b', 1, 1000, false, '1')
    sample('b', 5, 1004, false, '10')
    expect(shown()).toEqual([
      ['1', 1],
      ['2', 2],
      ['10', 5],
    ])
    sample('b', 4, 2000, false, '2')
    sample('b', 3, 3000, false, '2')
    expect(shown()[1]).toEqual(['2', 4])
    expect(picture.samples([pumpId])[0]?.otherChannels).toHaveLength(2)
    expect(picture.snapshot().pumps[0]?.otherChannels).toHaveLength(2)
  })

  it('shows the newest sample of a boot by its number, whatever the stamps say', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 50 }), fc.integer()), { minLength: 1 }), (arrivals) => {
        const { sample, shown } = open()
        for (const [seq, at] of arrivals) sample('b1', seq, at)
        expect(shown()).toBe(Math.max(...arrivals.map(([seq]) => seq)))
      }),
    )
  })

  it('a backlog of an older boot does not replace what is shown', () => {
    const { sample, shown } = open()
    sample('b2', 90, 2000)
    sample('b1', 40, 1000)
    expect(shown()).toBe(90)
    sample('b3', 95, 500)
    expect(shown()).toBe(95)
  })

  it('a hub that counts anew goes on where it was, also with a date that runs back', () => {
    const { sample, shown } = open()
    sample('b1', 90, 2000)
    sample('b2', 5, 1000, false, '1', 1)
    expect(shown()).toBe(5)
    sample('b1', 91, 9000)
    expect(shown()).toBe(5)
  })

  it('a pump that was simulated once stays marked', () => {
    const { picture, sample } = open()
    sample('b1', 1, 1000, true)
    sample('b1', 2, 2000)
    picture.commit({ pumps: [{ hubId, report: pumpReport(pumpId, { simulated: false }) }] })
    expect(picture.pump(pumpId)?.simulated).toBe(true)
  })

  it('a pump of a laboratory has no label, whatever it was assigned to', () => {
    const assignments = new Map([[pumpId, { label: 'Home 12', criticality: 'critical' as const }]])
    const picture = createLivePicture({ clock: new ManualClock(), epoch: 'e', assignments })
    picture.commit({ pumps: [{ hubId, report: { ...pumpReport(pumpId), protocol: 'new-era-ne1000' } }] })
    expect(picture.pump(pumpId)).toMatchObject({ label: null })
    picture.commit({ pumps: [{ hubId, report: pumpReport(pumpId) }] })
    expect(picture.pump(pumpId)).toMatchObject({ label: 'Home 12' })
  })

  it('a pump without an assignment counts as of unknown criticality and has no label', () => {
    const { picture, sample } = open()
    sample('b1', 1, 1000)
    expect(picture.pump(pumpId)).toMatchObject({ criticality: 'unknown', label: null })
  })

  it('the vendor’s raw digits stay out of the live picture', () => {
    const { picture, sample } = open()
    sample('b1', 1, 1000)
    expect(picture.pump(pumpId)?.sample).not.toHaveProperty('raw')
  })
})

const update = (seq: number) => ({ at: { epoch: 'e', seq }, serverAt: 0, changes: [] })

describe('missed updates', () => {
  it('are all there or none: after any cut the client gets every number or a snapshot', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 70 }), (now, from) => {
        const ring = createUpdateRing(10)
        for (let seq = 1; seq <= now; seq += 1) ring.push(update(seq))
        const missed = ring.after({ epoch: 'e', seq: from }, { epoch: 'e', seq: now })
        if (from > now) expect(missed).toBeNull()
        else if (missed === null) expect(now - from).toBeGreaterThan(10)
        else expect(missed.map(({ at }) => at.seq)).toEqual(Array.from({ length: now - from }, (_, i) => from + 1 + i))
      }),
    )
  })
})

describe('the brake on guessing', () => {
  it('never waits longer than ten seconds, and forgets', () => {
    const brake = createGuessingBrake()
    for (let tries = 0; tries < 100; tries += 1) brake.failed('a', 0)
    expect(brake.delayMs('a', 0)).toBe(10_000)
    expect(brake.delayMs('b', 0)).toBe(0)
    expect(brake.delayMs('a', 20 * 60_000)).toBe(0)
    brake.succeeded('a')
    expect(brake.delayMs('a', 0)).toBe(0)
  })
})

describe('the session cookie', () => {
  const id = 'x'.repeat(43)
  it.each([
    [`__Host-sid=${id}`, id],
    [`theme=dark; __Host-sid=${id}; a=b`, id],
    [`sid=${id}`, null],
    [`__Host-sid=${id}y`, null],
    [`__Host-sid=`, null],
    [`__Host-sid=${'"'.repeat(43)}`, null],
    ['x'.repeat(9000), null],
    [undefined, null],
  ])('%s', (header, expected) => {
    expect(readSessionCookie(header)).toBe(expected)
  })
})

describe('where a request comes from', () => {
  const own = ['https://watch.example']
  it.each([
    [{ origin: 'https://watch.example' }, true],
    [{ origin: 'https://watch.example.evil' }, false],
    [{ origin: 'null' }, false],
    [{ origin: 'https://evil.example', fetchSite: 'same-origin' }, false],
    [{ fetchSite: 'same-origin' }, true],
    [{ fetchSite: 'cross-site' }, false],
    [{ fetchSite: 'same-site' }, false],
    [{}, true],
  ])('%j', (headers, expected) => {
    expect(fromOwnPage(headers, own)).toBe(expected)
  })
})
