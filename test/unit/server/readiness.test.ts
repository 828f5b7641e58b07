import { expect, it } from 'vitest'
import type { UserId } from '#domain/ids.ts'
import { ReadinessBody } from '#domain/on-call/readiness.ts'
import type { Readiness } from '#domain/on-call/readiness.ts'
import { reachabilityOf } from '#server/core/reachability.ts'
import { ReadinessBook } from '#server/core/readiness-book.ts'
import type { ReadinessStore } from '#server/core/readiness-book.ts'
import { lind, osei } from '#test/support/live-fixtures.ts'
import { ManualClock } from '#test/support/manual-clock.ts'

const memory = (): ReadinessStore => {
  const kept = new Map<UserId, Readiness>()
  return {
    all: async () => [...kept].map(([userId, readiness]) => ({ userId, ...readiness })),
    put: async (userId, readiness) => void kept.set(userId, readiness),
  }
}

it('keeps what each nurse said last, with its time, over a restart', async () => {
  const clock = new ManualClock()
  const store = memory()
  const book = new ReadinessBook({ store, clock })
  expect(book.last(osei.userId)).toBeNull()
  await book.put(osei.userId, { duty: 'backup', failing: [] })
  const at = clock.now()
  await book.put(osei.userId, { duty: 'on-call', failing: [{ item: 'push', reason: 'Phone is being repaired' }] })
  const again = new ReadinessBook({ store, clock })
  await again.rebuild()
  expect(again.last(osei.userId)).toEqual({
    duty: 'on-call',
    failing: [{ item: 'push', reason: 'Phone is being repaired' }],
    at,
  })
  expect(again.last(lind.userId)).toBeNull()
})

it('shows the lead what does not work and why', () => {
  const readiness: Readiness = { at: 1, duty: 'on-call', failing: [{ item: 'screen', reason: 'Battery saver' }] }
  const facts = { stations: [], addresses: 1, readiness }
  expect(reachabilityOf({ facts: () => facts }, osei, new ManualClock().now())).toMatchObject({ readiness })
})

const said = (reason: string) =>
  ReadinessBody.safeParse({ duty: 'on-call', failing: [{ item: 'sound', reason }] }).success

it('takes no failure without a reason', () => {
  expect(said('The loudspeaker is broken')).toBe(true)
  expect(said('   ')).toBe(false)
  expect(ReadinessBody.safeParse({ duty: 'asleep', failing: [] }).success).toBe(false)
})
