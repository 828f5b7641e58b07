import { describe, expect, it } from 'vitest'
import { minutesMs, nurse, PagingBench, second, secondsMs } from '#test/support/paging-spec.ts'

describe('paging stops', () => {
  it('given an alarm that is over within its hold-off, without one page', () => {
    const bench = new PagingBench()
    bench.raise('a').pass(secondsMs(59)).settle('a').pass(minutesMs(60))
    expect(bench.told).toEqual([])
    expect(bench.last.nextDue).toBeNull()
  })

  it('the moment somebody accepts', () => {
    const bench = new PagingBench()
    bench.raise('a').pass(secondsMs(61)).accept('a', second).settle('a')
    bench.takeTold()
    bench.pass(secondsMs(170))
    expect(bench.takeTold()).toEqual([])
  })

  it('given a page that has not left yet, it is withdrawn', () => {
    const bench = new PagingBench()
    bench.critical = true
    bench.outcome = () => null
    bench.raise('a').accept('a', second)
    expect(bench.events.map(({ type }) => type)).toEqual(['page-queued', 'page-withdrawn'])
  })

  it('given nothing left to ask or remind of, the root is at rest and begins anew with the next alarm', () => {
    const bench = new PagingBench()
    bench.raise('a').pass(secondsMs(70)).settle('a')
    expect(bench.events.at(-1)?.type).toBe('root-at-rest')
    bench.raise('b').pass(secondsMs(59))
    expect(bench.takeTold()).toEqual(['60 primary m.osei high a'])
  })
})

describe('an acceptance that does not last', () => {
  it('given that it is given back, everybody is asked anew and without a hold-off', () => {
    const bench = new PagingBench()
    const since = bench.now
    bench.raise('a').pass(minutesMs(5)).accept('a', nurse).pass(secondsMs(10))
    bench.takeTold()
    bench.owned = []
    bench.raise('a', { since })
    expect(bench.takeTold()).toEqual(['310 primary m.osei high a'])
    bench.pass(secondsMs(60))
    expect(bench.takeTold()).toEqual(['370 primary m.osei high a', '370 backup k.ito high a'])
  })
})

describe('an accepted alarm that goes on', () => {
  it('reminds its owner every 180 s and nobody else', () => {
    const bench = new PagingBench()
    bench.raise('a').accept('a', second).pass(minutesMs(7))
    expect(bench.told).toEqual(['180 reminder k.ito high a', '360 reminder k.ito high a'])
  })

  it('reminds of all alarms of a pump at once', () => {
    const bench = new PagingBench()
    bench.raise('a').raise('b').accept('a', second).pass(secondsMs(30)).accept('b', second).pass(minutesMs(5))
    expect(bench.told).toEqual(['180 reminder k.ito high a,b'])
  })

  it('stops when the condition is over', () => {
    const bench = new PagingBench()
    bench.raise('a').accept('a', second).pass(secondsMs(179))
    bench.owned = []
    bench.decide().pass(minutesMs(10))
    expect(bench.told).toEqual([])
  })
})
