import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openPagerBench, type PagerBench } from '#test/support/pager-bench.ts'

describe('paging that stands still', () => {
  let bench: PagerBench
  beforeEach(async () => {
    bench = await openPagerBench()
  })
  afterEach(() => bench.close())

  it('is found by the look of the watchdog, and its return too', async () => {
    const { paging, pages } = bench
    await paging.check()
    await bench.pass(1_000)
    await paging.check()

    const claim = vi.spyOn(pages, 'claim').mockRejectedValue(new Error('disk full'))
    await bench.pass(60_000)
    await expect(paging.check()).rejects.toThrow('no page that is due was looked for')

    claim.mockRestore()
    await bench.pass(1_000)
    await paging.check()
  })

  it('hangs: the look does not come back', async () => {
    const { paging, pages } = bench
    vi.spyOn(pages, 'claim').mockReturnValue(new Promise(() => undefined))
    await bench.pass(1_000)
    await paging.check()
    await bench.pass(60_000)
    await expect(paging.check()).rejects.toThrow('no page that is due was looked for')
  })
})
