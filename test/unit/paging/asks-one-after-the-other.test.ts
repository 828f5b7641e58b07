import { describe, expect, it } from 'vitest'
import { minutesMs, nurse, PagingBench, secondsMs } from '#test/support/paging-spec.ts'

describe('an alarm nobody answers', () => {
  it('given a standard therapy, is paged after 60 s, again every 60 s, to the backup after 3 min and the lead after 6 min', () => {
    const bench = new PagingBench()
    bench.raise('a').notice(nurse, 'viewed')
    bench.pass(secondsMs(60)).notice(nurse, 'viewed')
    bench.pass(minutesMs(7) - secondsMs(60))
    expect(bench.told).toEqual([
      '60 primary m.osei high a',
      '120 primary m.osei high a',
      '180 primary m.osei high a',
      '240 primary m.osei high a',
      '240 backup k.ito high a',
      '300 primary m.osei high a',
      '300 lead j.lind high a',
      '360 primary m.osei high a',
      '420 primary m.osei high a',
      '420 backup k.ito high a',
    ])
  })

  it('given a critical therapy, is paged at once', () => {
    const bench = new PagingBench()
    bench.critical = true
    bench.raise('a')
    expect(bench.told).toEqual(['0 primary m.osei high a'])
  })

  it('goes on to the lead every 3 min for ever', () => {
    const bench = new PagingBench()
    bench.raise('a').pass(minutesMs(60))
    const toLead = bench.told.filter((line) => line.includes('lead')).map((line) => Number.parseInt(line, 10))
    expect(toLead.slice(0, 4)).toEqual([180, 360, 540, 720])
    expect(toLead.length).toBeGreaterThan(18)
    bench.pass(minutesMs(60 * 24))
    expect(bench.last.nextDue).toBeLessThanOrEqual(bench.now + minutesMs(3))
  })

  it('given medium priority, waits 180 s and takes its time', () => {
    const bench = new PagingBench()
    bench.raise('a', { priority: 'medium' }).pass(secondsMs(179))
    expect(bench.told).toEqual([])
    bench.pass(secondsMs(1)).notice(nurse, 'viewed')
    bench.pass(minutesMs(20))
    expect(bench.told).toEqual([
      '180 primary m.osei medium a',
      '780 primary m.osei medium a',
      '1380 primary m.osei medium a',
      '1380 backup k.ito medium a',
    ])
  })
})
