import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { UserId } from '#domain/ids.ts'
import type { ChannelReport } from '#server/core/channels/channel-health.ts'
import type { Outcome } from '#server/core/channels/outcome.ts'
import type { Delivery, PageChannels } from '#server/core/page-channels.ts'
import { eventually } from '#test/support/eventually.ts'
import type { ManualClock } from '#test/support/manual-clock.ts'
import { oseiId, pageOf } from '#test/support/page-fixtures.ts'

/** How the other side of a channel may behave. */
export type OtherSide =
  | 'takes it'
  | 'is gone'
  | 'asks to wait 30 s'
  | 'refuses'
  | 'has an error'
  | 'cuts the connection'
  | 'says nothing'
  | 'is slow'

export interface ChannelsUnderTest {
  readonly channels: PageChannels
  readonly clock: ManualClock
  /** Makes the other side of `oseiId`'s addresses behave so; absent: it cannot. */
  readonly becomes: Partial<Record<OtherSide, () => void>>
  /** Pages that reached the other side so far. */
  readonly asked: () => number
  /** Null: it does not count. */
  readonly reports: (() => readonly ChannelReport[]) | null
  readonly close: () => Promise<void>
}

/** Answers come within this time of the injected clock, ms. */
const limitMs = 10_000

const fine: Outcome = { is: 'sent' }
const silent: ReadonlySet<OtherSide> = new Set(['says nothing', 'is slow'])
const failures = ['is gone', 'refuses', 'has an error', 'cuts the connection'] as const

/** The promises of `PageChannels`. `has`: the ways in which this one's other side can behave. */
export const pageChannelsContract = (
  name: string,
  has: readonly OtherSide[],
  open: () => Promise<ChannelsUnderTest>,
): void => {
  describe(`the ways to reach a person, ${name}`, () => {
    let bench: ChannelsUnderTest
    let pages = 0
    /** Timers of the other side's own. */
    let idle = 0
    beforeEach(async () => {
      bench = await open()
      idle = bench.clock.pending
    })
    afterEach(() => bench.close())

    const become = (side: OtherSide): void => {
      const change = bench.becomes[side]
      if (change === undefined) throw new Error(`${name} cannot be made so: ${side}`)
      change()
    }
    /** A page of its own, and its answer: with the injected clock standing still unless the other side is silent. */
    const send = async (side: OtherSide): Promise<readonly Delivery[]> => {
      const before = bench.asked()
      const sending = bench.channels.send(pageOf({ notificationId: `n-${(pages += 1)}` }), oseiId)
      if (silent.has(side)) {
        await eventually(() => bench.asked() > before)
        await bench.clock.advanceAsync(limitMs)
      }
      return await sending
    }
    const outcomes = async (side: OtherSide): Promise<readonly Outcome[]> =>
      (await send(side)).map(({ outcome }) => outcome)

    it('who has no address is an empty list, and nobody is asked', async () => {
      expect(await bench.channels.send(pageOf(), UserId.parse('u-nobody'))).toEqual([])
      expect(await bench.channels.over(pageOf(), UserId.parse('u-nobody'), 'ended')).toEqual([])
      expect(bench.asked()).toBe(0)
    })

    it('what was taken is sent, to an address that is no URL', async () => {
      become('takes it')
      const deliveries = await send('takes it')
      expect(deliveries.length).toBeGreaterThan(0)
      for (const { outcome, address } of deliveries) {
        expect(outcome).toEqual(fine)
        expect(address).not.toMatch(/https?:|\/\//)
      }
      expect(bench.asked()).toBe(1)
      expect(bench.clock.pending).toBe(idle)
    })

    it.each(failures.filter((side) => has.includes(side)))(
      'one that %s is undeliverable with a reason; asked again with the next page, or never',
      async (side) => {
        become(side)
        const first = await outcomes(side)
        expect(first.length).toBeGreaterThan(0)
        for (const outcome of first) {
          expect(outcome).toMatchObject({ is: 'undeliverable', retryAfterMs: null })
          if (outcome.is === 'undeliverable') expect(outcome.reason).toMatch(/^[a-z]+(-[a-z]+)*$/)
        }
        const isDropped = first.every((outcome) => outcome.is === 'undeliverable' && outcome.gone)
        if (isDropped) expect(side).toBe('is gone')
        become('takes it')
        const before = bench.asked()
        expect(await outcomes('takes it')).toEqual(isDropped ? [] : first.map(() => fine))
        expect(bench.asked() - before).toBe(isDropped ? 0 : 1)
      },
    )

    it.each(has.filter((side) => side === 'asks to wait 30 s'))(
      'one that %s is left alone for so long',
      async (side) => {
        become(side)
        const waits = { is: 'undeliverable', reason: 'too-many', gone: false }
        expect(await outcomes(side)).toEqual([{ ...waits, retryAfterMs: 30_000 }])
        bench.clock.advance(20_000)
        expect(await outcomes(side)).toEqual([{ ...waits, retryAfterMs: 10_000 }])
        expect(bench.asked()).toBe(1)
        bench.clock.advance(10_000)
        become('takes it')
        expect(await outcomes('takes it')).toEqual([fine])
      },
    )

    it.each([...silent].filter((side) => has.includes(side)))(
      'one that %s is timed out within 10 s, and leaves no timer',
      async (side) => {
        become(side)
        const found = await outcomes(side)
        expect(found.length).toBeGreaterThan(0)
        for (const outcome of found) expect(outcome).toEqual({ is: 'timed-out' })
        expect(bench.clock.pending).toBe(idle)
      },
    )

    it.each(has)('the end of a page reaches one that %s or not, within 10 s and without an error', async (side) => {
      become(side)
      const telling = bench.channels.over(pageOf({ thread: 'root-1' }), oseiId, 'accepted')
      let told = false
      void telling.then(() => (told = true))
      if (silent.has(side)) await eventually(() => told || bench.clock.pending > idle)
      // The request leaves by I/O, the limit by the clock: both have to be let through.
      await eventually(async () => {
        if (silent.has(side)) await bench.clock.advanceAsync(limitMs)
        return told
      })
      expect(bench.clock.pending).toBe(idle)
    })

    it('counts every answer, and every failure by its reason', async () => {
      if (bench.reports === null) return
      const told: Outcome[] = []
      // One that is gone is never asked again, and one that asks to wait not for long.
      const sides = has.filter((side) => side !== 'is gone' && side !== 'asks to wait 30 s')
      for (const side of sides) {
        become(side)
        told.push(...(await outcomes(side)))
      }
      const count = (is: Outcome['is']): number => told.filter((outcome) => outcome.is === is).length
      const reports = bench.reports()
      const sum = (of: (report: ChannelReport) => number): number => reports.reduce((all, one) => all + of(one), 0)
      expect(sum(({ sent }) => sent)).toBe(count('sent'))
      expect(sum(({ undeliverable }) => undeliverable)).toBe(count('undeliverable'))
      expect(sum(({ timedOut }) => timedOut)).toBe(count('timed-out'))
      const reasons = told.flatMap((outcome) => (outcome.is === 'undeliverable' ? [outcome.reason] : []))
      for (const reason of reasons)
        expect(sum((report) => report.reasons[reason] ?? 0)).toBe(reasons.filter((one) => one === reason).length)
    })
  })
}
