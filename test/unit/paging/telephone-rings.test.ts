import { describe, expect, it } from 'vitest'
import { spokenWords } from '#domain/paging/page-words.ts'
import { flushMicrotasks } from '#test/support/manual-clock.ts'
import { pageOf } from '#test/support/page-fixtures.ts'
import { openPagerBench, osei } from '#test/support/pager-bench.ts'
import { lead, minutesMs, nurse, PagingBench, second, secondsMs } from '#test/support/paging-spec.ts'
import { occlusion, pump1 } from '#test/support/server-bench.ts'

const callsOf = (bench: PagingBench): string[] => bench.told.filter((line) => line.split(' ')[1] === 'call')

const asked = (bench: PagingBench): string[] => bench.told.filter((line) => line.split(' ')[1] !== 'call')

const open = (priority: 'high' | 'medium' = 'high'): PagingBench => {
  const bench = new PagingBench()
  bench.critical = priority === 'high'
  bench.canCall = (userId) => userId === nurse.userId
  return bench.raise('a', { priority }).pass(priority === 'high' ? 0 : minutesMs(3))
}

describe('the telephone of whoever was paged', () => {
  it('rings 30 s after a high page of which neither a sound nor a look came back, and every 3 min from then on', () => {
    const bench = open().pass(secondsMs(29))
    expect(callsOf(bench)).toEqual([])
    bench.pass(minutesMs(7))
    expect(callsOf(bench)).toEqual(['30 call m.osei high a', '210 call m.osei high a', '390 call m.osei high a'])
  })

  it('rings after 5 min for a medium one', () => {
    const bench = open('medium').pass(minutesMs(5) - 1)
    expect(callsOf(bench)).toEqual([])
    bench.pass(1)
    expect(callsOf(bench)).toEqual(['480 call m.osei medium a'])
  })

  it.each(['audible', 'viewed'] as const)('stays still once a device was %s, and rings no more', (kind) => {
    expect(callsOf(open().pass(secondsMs(10)).notice(nurse, kind).pass(minutesMs(10)))).toEqual([])
    const called = open().pass(secondsMs(40)).notice(nurse, kind).pass(minutesMs(10))
    expect(callsOf(called)).toEqual(['30 call m.osei high a'])
  })

  it('rings as well when her page was refused', () => {
    const bench = new PagingBench()
    bench.critical = true
    bench.canCall = () => true
    bench.outcome = () => 'undeliverable'
    bench.raise('a').pass(secondsMs(31))
    expect(callsOf(bench)).toContain('30 call m.osei high a')
  })

  it('is not that of somebody without a number, off duty by then, or who said that she cannot', () => {
    const bench = open()
    bench.duty = { primary: { person: second }, backup: { person: second }, lead: { person: lead } }
    expect(callsOf(bench.pass(minutesMs(10)))).toEqual([])
    expect(callsOf(open().decline('a', nurse).pass(minutesMs(10)))).toEqual([])
    const without = open()
    without.canCall = () => false
    expect(callsOf(without.pass(minutesMs(10)))).toEqual([])
  })

  it('stays still when somebody takes the alarm, or it is over', () => {
    expect(callsOf(open().pass(secondsMs(20)).accept('a', second).pass(minutesMs(10)))).toEqual([])
    expect(callsOf(open().pass(secondsMs(20)).settle('a').pass(minutesMs(10)))).toEqual([])
  })

  it('changes nothing about who is asked next, and when', () => {
    const silent = open()
    silent.canCall = () => false
    expect(asked(open().pass(minutesMs(20)))).toEqual(asked(silent.pass(minutesMs(20))))
  })

  it('rings when it is due although the process died before, and once', () => {
    const bench = open().pass(secondsMs(20)).restart().pass(secondsMs(20))
    expect(callsOf(bench.restart().pass(secondsMs(60)))).toEqual(['30 call m.osei high a'])
  })

  it('says how urgent and where, and nothing else', () => {
    expect(spokenWords(pageOf({ kind: 'call', place: 'lead', attempt: 3 }))).toBe(
      'High alarm. North 12. Press any key to say that you heard this.',
    )
    expect(spokenWords(pageOf({ kind: 'call', ward: null, priority: 'medium', simulated: true }))).toBe(
      'Simulated. Medium alarm. Press any key to say that you heard this.',
    )
    expect(spokenWords(pageOf({ kind: 'test' }))).toContain('This is a test call.')
  })
})

describe('a key pressed on the telephone', () => {
  it('counts as looked at by whoever was called, and never takes the alarm', async () => {
    const bench = await openPagerBench({ canCall: (userId) => userId === osei.userId })
    try {
      await bench.condition(pump1, occlusion('ep-1'))
      await bench.pass(31_000)
      const call = bench.channels.sent.find(({ page }) => page.kind === 'call')
      expect(call?.userId).toBe(osei.userId)
      bench.paging.desk.pressed('n-unknown')
      bench.paging.desk.pressed(call?.page.notificationId ?? '')
      await flushMicrotasks()
      const [alarm] = bench.picture.openAlarms()
      if (alarm === undefined) throw new Error('no alarm')
      expect(alarm).toMatchObject({ response: 'new', owner: null })
      expect(bench.wall.snapshot().paged).toMatchObject([{ last: { name: 'm.osei', progress: 'viewed' } }])
      const { calls } = await bench.paging.desk.of(alarm)
      expect(calls.map(({ kind, viewedAt }) => [kind, viewedAt !== null])).toContainEqual(['call', true])
      // The table goes on: nobody has taken it.
      await bench.pass(150_000)
      expect(bench.told().some((line) => line.startsWith('k.ito'))).toBe(true)
    } finally {
      await bench.close()
    }
  })

  it('that a telephone is not reached does not say that she cannot be reached', async () => {
    const bench = await openPagerBench({ canCall: () => true })
    try {
      bench.channels.answer = ({ page }) => (page.kind === 'call' ? 'undeliverable' : 'sent')
      await bench.condition(pump1, occlusion('ep-1'))
      await bench.pass(40_000)
      expect(bench.pager.counters).toMatchObject({ callsQueued: 1, undeliverable: 1 })
      expect(bench.pager.reach.unreached()).toEqual([])
    } finally {
      await bench.close()
    }
  })
})
