import { expect, it } from 'vitest'
import type { PageEvent } from '#domain/paging/events.ts'
import { PageDelayBook } from '#server/core/paging/page-delays.ts'
import { oseiId, pageOf } from '#test/support/page-fixtures.ts'

const queued = (id: string, at: number): PageEvent => ({
  type: 'page-queued',
  at,
  page: pageOf({ notificationId: id }),
  to: { userId: oseiId, name: 'Kim' },
  about: [],
})
const attempted = (id: string, at: number, outcome: 'sent' | 'undeliverable' = 'sent'): PageEvent => ({
  type: 'page-attempted',
  at,
  notificationId: id,
  outcome,
  deliveries: [],
})

it('knows how long pages took to leave, and which have not left', () => {
  const book = new PageDelayBook()
  expect(book.read(0)).toEqual({ sent: null, waiting: 0, oldestWaiting: 0 })
  book.take([queued('a', 0), queued('b', 0), queued('c', 1000)])
  book.take([attempted('a', 200), attempted('b', 2000)])
  expect(book.read(5000)).toEqual({
    sent: { half: 2000, most95: 2000, longest: 2000 },
    waiting: 1,
    oldestWaiting: 4000,
  })
  book.take([{ type: 'page-withdrawn', at: 6000, notificationId: 'c' }])
  expect(book.read(7000).waiting).toBe(0)
  expect(book.read(86_400_200)).toMatchObject({ sent: { half: 2000 } })
  expect(book.read(90_000_000).sent).toBeNull()
})

it('does not count what failed or was decided before its start', () => {
  const book = new PageDelayBook()
  book.take([queued('a', 0), attempted('a', 10, 'undeliverable'), attempted('of-before', 20)])
  expect(book.read(30)).toEqual({ sent: null, waiting: 0, oldestWaiting: 0 })
})
