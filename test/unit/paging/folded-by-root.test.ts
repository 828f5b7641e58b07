import { describe, expect, it } from 'vitest'
import { lead, minutesMs, nurse, PagingBench, secondsMs } from '#test/support/paging-spec.ts'

const critical = (): PagingBench => {
  const bench = new PagingBench()
  bench.critical = true
  return bench
}

describe('alarms of one root', () => {
  it('share one page, the most urgent first', () => {
    const bench = new PagingBench()
    bench.raise('m', { priority: 'medium' }).pass(secondsMs(5)).raise('h').raise('h2').pass(secondsMs(60))
    expect(bench.told).toEqual(['65 primary m.osei high h,h2,m'])
  })

  it('given one more as urgent as those she was paged for, the next page names it too', () => {
    const bench = critical()
    bench.raise('a').pass(secondsMs(10)).raise('b').pass(secondsMs(50))
    expect(bench.told.slice(0, 2)).toEqual(['0 primary m.osei high a', '60 primary m.osei high a,b'])
  })

  it('given that the first was accepted, the other one is paged for itself', () => {
    const bench = critical()
    bench.raise('a').pass(secondsMs(10)).accept('a', nurse).raise('b')
    expect(bench.told).toEqual(['0 primary m.osei high a', '10 primary m.osei high b'])
  })

  it('given a more urgent one, everybody is asked anew', () => {
    const bench = critical()
    bench.raise('m', { priority: 'medium' }).pass(minutesMs(4)).raise('h')
    expect(bench.told).toEqual(['180 primary m.osei medium m', '240 primary m.osei high h,m'])
  })

  it('given a rise of the same one, everybody is asked anew', () => {
    const bench = critical()
    bench.raise('a', { priority: 'medium' }).pass(minutesMs(4)).raise('a')
    expect(bench.told).toEqual(['180 primary m.osei medium a', '240 primary m.osei high a'])
  })

  it('given a person in two places, she gets one page at a time', () => {
    const bench = critical()
    bench.duty = { primary: { person: lead }, backup: { person: null, reason: 'nobody' }, lead: { person: lead } }
    bench.outcome = () => 'undeliverable'
    bench.raise('a')
    expect(bench.told).toEqual(['0 primary j.lind high a', '0 backup nobody', '0 lead j.lind high a'])
    bench.takeTold()
    bench.pass(secondsMs(60))
    expect(bench.takeTold()).toEqual(['60 primary j.lind high a'])
  })

  it('given very many, a page names sixteen', () => {
    const bench = critical()
    for (let n = 0; n < 40; n += 1) bench.raise(`a${n}`)
    bench.pass(secondsMs(60))
    const named = bench.log.pages.map(({ page }) => page.episodeIds.length)
    expect(named.slice(0, 2)).toEqual([1, 16])
    expect(bench.log.pages.every(({ page }) => page.episodeIds.length <= 16)).toBe(true)
  })
})
