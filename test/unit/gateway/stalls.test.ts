import { describe, expect, it } from 'vitest'
import { instant } from '#domain/time.ts'
import { Stalls } from '#gateway/core/stalls.ts'

describe('what a hub says of its own stalls', () => {
  it('counts them all and has the newest with their times', () => {
    const stalls = new Stalls()
    expect(stalls.report).toEqual({ count: 0, ms: 0, newest: [] })
    for (let n = 1; n <= 25; n += 1) stalls.pardoned({ from: instant(n), until: instant(n + 13_000), ms: 13_000 })
    expect(stalls.report).toMatchObject({ count: 25, ms: 25 * 13_000 })
    expect(stalls.report.newest.map(({ from }) => from)).toEqual(Array.from({ length: 20 }, (_, n) => n + 6))
  })
})
