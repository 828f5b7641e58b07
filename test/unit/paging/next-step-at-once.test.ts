import { describe, expect, it } from 'vitest'
import { lead, minutesMs, nurse, other, PagingBench, second, secondsMs } from '#test/support/paging-spec.ts'

const critical = (): PagingBench => {
  const bench = new PagingBench()
  bench.critical = true
  return bench
}

describe('when a page cannot get through', () => {
  it('given a refused page, the next place is asked at once', () => {
    const bench = critical()
    bench.outcome = (userId) => (userId === nurse.userId ? 'undeliverable' : 'sent')
    bench.raise('a')
    expect(bench.told).toEqual(['0 primary m.osei high a', '0 backup k.ito high a'])
  })

  it('given a page nobody answered for, the next place is asked when that is known', () => {
    const bench = critical()
    bench.outcome = (userId) => (userId === nurse.userId ? null : 'sent')
    bench.raise('a').pass(secondsMs(10))
    bench.outcome = () => 'timed-out'
    bench.decide()
    expect(bench.takeTold()).toEqual(['0 primary m.osei high a', '10 backup k.ito high a', '10 lead j.lind high a'])
  })

  it('given nobody in a place, that is said and the next one is asked at once', () => {
    const bench = critical()
    bench.duty = { ...bench.duty, primary: { person: null, reason: 'nobody' } }
    bench.raise('a')
    expect(bench.told).toEqual(['0 primary nobody', '0 backup k.ito high a'])
  })

  it('given that she rejects it, the next one is asked at once and she is left alone', () => {
    const bench = critical()
    bench.raise('a').pass(secondsMs(20)).decline('a', nurse).pass(secondsMs(90))
    expect(bench.told).toEqual([
      '0 primary m.osei high a',
      '20 primary declined',
      '20 backup k.ito high a',
      '80 lead j.lind high a',
    ])
  })

  it('given that the lead rejects it before her turn, the nurse is not paged anew and the backup is asked no later', () => {
    const bench = critical()
    bench.raise('a').notice(nurse, 'viewed').pass(minutesMs(2)).decline('a', lead)
    bench.takeTold()
    bench.pass(minutesMs(1))
    expect(bench.takeTold()).toEqual(['180 primary m.osei high a', '180 backup k.ito high a'])
  })

  it('given that one alarm of two is rejected, she is still asked about the other', () => {
    const bench = critical()
    bench.raise('a').raise('b').decline('a', nurse).pass(secondsMs(60))
    expect(bench.told.at(-2)).toBe('60 primary m.osei high a,b')
  })
})

describe('when nobody can be reached', () => {
  it('given that all refuse, the lead is asked again every 3 min for ever', () => {
    const bench = critical()
    bench.outcome = () => 'undeliverable'
    bench.raise('a', { priority: 'medium', since: 0 })
    expect(bench.takeTold()).toEqual(['0 primary m.osei medium a', '0 backup k.ito medium a', '0 lead j.lind medium a'])
    bench.pass(minutesMs(9))
    expect(bench.takeTold()).toEqual([180, 360, 540].map((at) => `${at} lead j.lind medium a`))
  })

  it('given that all have rejected it, the lead is asked again in spite of that', () => {
    const bench = critical()
    bench.raise('a').decline('a', nurse).decline('a', second).decline('a', lead)
    bench.takeTold()
    bench.pass(minutesMs(6))
    expect(bench.takeTold()).toEqual(['180 lead j.lind high a', '360 lead j.lind high a'])
  })

  it('given that nobody is on call at all, it says so and looks again within 3 min', () => {
    const bench = critical()
    const nobody = { person: null, reason: 'nobody' } as const
    bench.duty = { primary: nobody, backup: nobody, lead: nobody }
    bench.raise('a')
    expect(bench.told).toEqual(['0 primary nobody', '0 backup nobody', '0 lead nobody'])
    expect(bench.last.nobody).toBe(true)
    bench.pass(minutesMs(60))
    expect(bench.told).toHaveLength(3)
    bench.duty = { ...bench.duty, lead: { person: lead } }
    bench.pass(minutesMs(3))
    expect(bench.told.at(-1)).toContain('lead j.lind high a')
  })

  it('given that somebody else comes on duty, she is asked at the next look', () => {
    const bench = critical()
    bench.raise('a').pass(secondsMs(30))
    bench.duty = { ...bench.duty, primary: { person: other } }
    bench.takeTold()
    bench.pass(secondsMs(30))
    expect(bench.takeTold()[0]).toBe('60 primary p.roy high a')
  })
})
