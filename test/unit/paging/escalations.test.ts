import { describe, expect, it } from 'vitest'
import { pageWords } from '#domain/paging/page-words.ts'
import { lead, minutesMs, nurse, other, PagingBench, second, secondsMs } from '#test/support/paging-spec.ts'

const owned = (): PagingBench => {
  const bench = new PagingBench()
  bench.raise('a').accept('a', nurse).pass(secondsMs(10))
  return bench
}

describe('an escalation', () => {
  it('given that somebody has the alarm, pages the place above hers at once, and once', () => {
    const bench = owned()
    bench.escalate('a', nurse, null, nurse)
    expect(bench.takeTold()).toEqual(['10 escalation k.ito high a'])
    bench.decide().pass(secondsMs(160))
    expect(bench.takeTold()).toEqual([])
  })

  it('given a name, pages that person at once, whatever the place', () => {
    const bench = owned()
    bench.escalate('a', nurse, other, nurse)
    expect(bench.takeTold()).toEqual(['10 escalation p.roy high a'])
  })

  it('given that the next one cannot be reached, pages the one above, and stops where nobody is left', () => {
    const bench = owned()
    bench.outcome = () => 'undeliverable'
    bench.escalate('a', nurse, null, nurse).pass(minutesMs(1))
    expect(bench.takeTold()).toEqual(['10 escalation k.ito high a', '10 escalation j.lind high a'])
  })

  it('given a name that cannot be reached, pages nobody else: whoever asked sees it', () => {
    const bench = owned()
    bench.outcome = () => 'undeliverable'
    bench.escalate('a', nurse, other, nurse).pass(minutesMs(1))
    expect(bench.takeTold()).toEqual(['10 escalation p.roy high a'])
  })

  it('given that it is asked for twice, goes up each time, and to the top again when it is there', () => {
    const bench = new PagingBench()
    bench.raise('a').accept('a', second).pass(secondsMs(10))
    bench.escalate('a', second, null, second).pass(secondsMs(5)).escalate('a', second, null, second)
    expect(bench.takeTold()).toEqual(['10 escalation j.lind high a', '15 escalation j.lind high a'])
  })

  it('given that nobody has the alarm, counts as a page of that place: it is not asked twice in one minute', () => {
    const bench = new PagingBench()
    bench.critical = true
    bench.raise('a').pass(secondsMs(10)).escalate('a', other)
    expect(bench.takeTold()).toEqual(['0 primary m.osei high a', '10 escalation k.ito high a'])
    bench.notice(nurse, 'viewed').notice(second, 'viewed').pass(secondsMs(171))
    expect(bench.takeTold().filter((line) => !line.includes(nurse.name))).toEqual([])
    bench.pass(secondsMs(20))
    expect(bench.takeTold().filter((line) => !line.includes(nurse.name))).toEqual(['190 backup k.ito high a'])
  })

  it('given an alarm that is never paged, pages for it all the same, and not again as long as it is open', () => {
    const bench = new PagingBench()
    bench.escalate('low', nurse)
    bench.decide().pass(minutesMs(60)).decide()
    expect(bench.takeTold()).toEqual(['0 escalation k.ito high low'])
  })

  it('given that the alarm is over, withdraws what has not left', () => {
    const bench = owned()
    bench.outcome = () => null
    bench.escalate('a', nurse, null, nurse)
    bench.escalated = []
    bench.decide()
    expect(bench.events.at(-1)).toMatchObject({ type: 'page-withdrawn' })
  })

  it('given another process, is not paged a second time', () => {
    const bench = owned()
    bench.escalate('a', nurse, null, nurse).restart()
    expect(bench.takeTold()).toEqual(['10 escalation k.ito high a'])
  })

  it('given nobody on call, is on record as heard by nobody', () => {
    const bench = owned()
    const nobody = { person: null, reason: 'nobody' } as const
    bench.duty = { primary: nobody, backup: nobody, lead: nobody }
    bench.escalate('a', nurse, null, nurse)
    expect(bench.events.at(-1)).toMatchObject({ type: 'escalation-heard', to: null })
  })

  it('given people of the other name space, pages none of them', () => {
    const bench = owned()
    bench.mayPage = (userId) => userId !== other.userId
    bench.escalate('a', nurse, other, nurse)
    expect(bench.takeTold()).toEqual([])
  })

  it('says so in words of its own', () => {
    const bench = owned()
    bench.escalate('a', nurse, lead, nurse)
    const [page] = bench.events.flatMap((event) => (event.type === 'page-queued' ? [event.page] : []))
    expect(page === undefined ? null : pageWords({ ...page, ward: 'Bed 4' })).toEqual({
      title: 'Help wanted: High alarm',
      body: 'Bed 4. A colleague asks for you.',
    })
  })
})

describe('a missed check-in', () => {
  it('is told to the owner at once, and the next reminder counts from there', () => {
    const bench = owned()
    bench.takeTold()
    bench.pass(secondsMs(200)).takeTold()
    bench.owned = bench.owned.map((one) => ({ ...one, missedAt: bench.now }))
    bench.decide()
    expect(bench.takeTold()).toEqual(['210 reminder m.osei high a'])
    const page = bench.events.flatMap((event) => (event.type === 'page-queued' ? [event.page] : [])).at(-1)
    expect(page === undefined ? null : pageWords({ ...page, ward: 'Bed 4' }).body).toBe(
      'Bed 4. Say that you are still on it.',
    )
    bench.decide().pass(secondsMs(179))
    expect(bench.takeTold()).toEqual([])
    bench.pass(secondsMs(1))
    expect(bench.takeTold()).toEqual(['390 reminder m.osei high a'])
  })
})

describe('an acceptance that lapsed', () => {
  it('asks those again who declined before, without a new hold-off', () => {
    const bench = new PagingBench()
    const since = bench.now
    bench.raise('a').pass(secondsMs(70)).decline('a', nurse)
    bench.accept('a', second).pass(minutesMs(5))
    bench.takeTold()
    bench.owned = []
    bench.raise('a', { since, version: 9, lapsedAt: bench.now })
    expect(bench.takeTold()).toEqual(['370 primary m.osei high a'])
  })
})
