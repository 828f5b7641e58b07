import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Outgoing, OutgoingAnswer } from '#server/core/outgoing.ts'
import { eventually } from '#test/support/eventually.ts'
import type { ManualClock } from '#test/support/manual-clock.ts'

export interface OutgoingUnderTest {
  readonly outgoing: Outgoing
  /** Where `becomes` takes effect. */
  readonly url: string
  readonly clock: ManualClock
  readonly becomes: (
    behaviour: { readonly status: number; readonly retryAfterS?: number } | 'reset' | 'black hole',
  ) => void
  /** Requests that reached the other side. */
  readonly asked: () => number
  readonly close: () => Promise<void>
}

/** What everybody who asks a service outside may rely on. */
export const outgoingContract = (name: string, open: () => Promise<OutgoingUnderTest>): void => {
  describe(`requests to a service outside, ${name}`, () => {
    let bench: OutgoingUnderTest
    beforeEach(async () => {
      bench = await open()
    })
    afterEach(() => bench.close())
    const ask = (url = bench.url): Promise<OutgoingAnswer> =>
      bench.outgoing.send({ method: 'POST', url, headers: {}, body: 'words' })

    it.each([200, 204, 301, 404, 410, 429, 500])('%i is an answer', async (status) => {
      bench.becomes({ status })
      expect(await ask()).toEqual({ is: 'answered', status, retryAfterMs: null })
      expect(bench.asked()).toBe(1)
    })

    it('being told to wait is told in ms', async () => {
      bench.becomes({ status: 429, retryAfterS: 30 })
      expect(await ask()).toEqual({ is: 'answered', status: 429, retryAfterMs: 30_000 })
    })

    it('a connection that is cut has a reason', async () => {
      bench.becomes('reset')
      expect(await ask()).toEqual({ is: 'failed', reason: 'reset' })
    })

    it('silence ends within 5 s, and leaves no timer', async () => {
      bench.becomes('black hole')
      const asking = ask()
      await eventually(() => bench.asked() === 1)
      await bench.clock.advanceAsync(5_000)
      expect(await asking).toEqual({ is: 'timed-out' })
      expect(bench.clock.pending).toBe(0)
    })

    it('an address that is none is refused before anything leaves', async () => {
      for (const url of ['', 'words', 'ftp://example.org/', 'http://example.org/']) {
        expect(bench.outgoing.allows(url)).toBe(false)
        expect(await ask(url)).toEqual({ is: 'failed', reason: 'bad-address' })
        expect(await bench.outgoing.reach(url)).toBe('bad-address')
      }
      expect(bench.asked()).toBe(0)
    })

    it('who is looked at is not asked for anything', async () => {
      expect(await bench.outgoing.reach(bench.url)).toBeNull()
      expect(bench.asked()).toBe(0)
    })
  })
}
