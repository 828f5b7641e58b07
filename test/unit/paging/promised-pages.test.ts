import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { nextPage } from '#domain/paging/next-page.ts'
import { defaultPagingPolicy } from '#domain/paging/policy.ts'
import { flushMicrotasks } from '#test/support/manual-clock.ts'
import { ito, lind, openPagerBench, osei, type PagerBench } from '#test/support/pager-bench.ts'
import { lead, minutesMs, PagingBench, second, secondsMs } from '#test/support/paging-spec.ts'
import { occlusion, pump1 } from '#test/support/server-bench.ts'

/** `seconds from now, step, name`. */
const promiseOf = (bench: PagingBench): string | null => {
  const next = nextPage(bench.facts, bench.log, defaultPagingPolicy, bench.now)
  return next === null ? null : `${(next.at - bench.now) / 1000} ${next.step} ${next.to.name}`
}

describe('the page that is promised', () => {
  it('waits for the hold-off, and for none at an unattended station', () => {
    const bench = new PagingBench()
    bench.raise('a').pass(secondsMs(12))
    expect(promiseOf(bench)).toBe('48 page m.osei')
    bench.unattended = true
    bench.decide()
    expect(promiseOf(bench)).toBe('60 backup k.ito')
  })

  it('is the backup’s as soon as nobody can have heard the first, and the same nurse’s again once she has', () => {
    const bench = new PagingBench()
    bench.critical = true
    bench.raise('a').pass(secondsMs(10))
    expect(promiseOf(bench)).toBe('50 backup k.ito')
    bench.notice({ ...osei, userId: bench.facts.duty.primary.person?.userId ?? osei.userId }, 'viewed')
    expect(promiseOf(bench)).toBe('50 again m.osei')
    bench.pass(secondsMs(120))
    expect(promiseOf(bench)).toBe('50 backup k.ito')
  })

  it('goes to whoever is there: places that nobody fills are passed over', () => {
    const bench = new PagingBench()
    bench.duty = { primary: { person: null, reason: 'nobody' }, backup: { person: second }, lead: { person: lead } }
    bench.raise('a')
    expect(promiseOf(bench)).toBe('60 backup k.ito')
    bench.duty = { ...bench.duty, backup: { person: null, reason: 'other-name-space' } }
    expect(promiseOf(bench)).toBe('60 lead j.lind')
  })

  it('is none where nobody is on call, nobody is asked, or somebody has it', () => {
    const bench = new PagingBench()
    expect(promiseOf(bench)).toBeNull()
    const nobody = { person: null, reason: 'nobody' } as const
    bench.duty = { primary: nobody, backup: nobody, lead: nobody }
    bench.raise('a').pass(minutesMs(5))
    expect(promiseOf(bench)).toBeNull()
    bench.duty = { ...bench.duty, lead: { person: lead } }
    bench.accept('a', lead)
    expect(promiseOf(bench)).toBeNull()
  })
})

describe('the wall', () => {
  let bench: PagerBench
  beforeEach(async () => {
    bench = await openPagerBench()
  })
  afterEach(() => bench.close())

  const note = () => bench.wall.snapshot().paged[0]

  it('knows of the page that is to come before anybody was paged', async () => {
    await bench.condition(pump1, occlusion('ep-1', { priority: 'medium', code: 'reservoir-low' }))
    await flushMicrotasks()
    expect(note()).toEqual({
      episodeId: 'ep-1',
      last: null,
      beyond: [],
      next: { step: 'page', dueAt: bench.clock.now() + minutesMs(3) },
    })
  })

  it('knows who was asked beyond the nurse on call, and forgets it with the answer', async () => {
    await bench.condition(pump1, occlusion('ep-1'))
    await bench.pass(125_000)
    expect(note()?.beyond).toEqual([
      { userId: ito.userId, place: 'backup' },
      { userId: lind.userId, place: 'lead' },
    ])
    await bench.act(ito, 'accept', 'ep-1', 0)
    expect(bench.wall.snapshot().paged).toEqual([])
  })

  it('takes a promise back within seconds when nobody is on call any more, and makes it again, though no alarm changed', async () => {
    await bench.condition(pump1, occlusion('ep-1', { priority: 'medium', code: 'reservoir-low' }))
    await bench.pass(10_000)
    expect(note()?.next?.step).toBe('page')
    bench.duty.now = { primary: null, backup: null, lead: null }
    await bench.pass(6_000)
    expect(note()).toBeUndefined()
    bench.duty.now = { primary: null, backup: ito, lead: null }
    await bench.pass(6_000)
    expect(note()?.next?.step).toBe('backup')
  })
})
