import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { EpisodeId, UserId } from '#domain/ids.ts'
import { PageNotice } from '#domain/live/messages.ts'
import { flushMicrotasks } from '#test/support/manual-clock.ts'
import { ito, lind, openPagerBench, osei, type PagerBench } from '#test/support/pager-bench.ts'
import { minutesMs, nurse, PagingBench, secondsMs } from '#test/support/paging-spec.ts'
import { occlusion, pump1 } from '#test/support/server-bench.ts'

/** Seconds until the backup is asked, of an alarm whose first page leaves after a minute. */
const backupAfter = (receipts: (bench: PagingBench) => void): number => {
  const bench = new PagingBench().raise('a')
  receipts(bench)
  bench.pass(minutesMs(9))
  return Number.parseInt(bench.told.find((line) => line.includes('backup')) ?? 'never', 10)
}

describe('what a station says of an alarm itself', () => {
  it('counts for the page that comes later: without it the backup is asked after a minute', () => {
    expect(backupAfter(() => undefined)).toBe(60 + 60)
    expect(backupAfter((bench) => bench.noticeAlarms(nurse, 'audible', ['a']))).toBe(60 + 120)
    expect(backupAfter((bench) => bench.noticeAlarms(nurse, 'viewed', ['a']))).toBe(60 + 180)
  })

  it('brings nobody earlier than its absence would, and puts nobody off beyond the table', () => {
    expect(backupAfter((bench) => bench.noticeAlarms(nurse, 'viewed', ['a']).notice(nurse, 'viewed'))).toBe(60 + 180)
  })

  it('has to be said of each alarm that waits', () => {
    expect(backupAfter((bench) => bench.raise('b').noticeAlarms(nurse, 'viewed', ['a']))).toBe(60 + 60)
    expect(backupAfter((bench) => bench.raise('b').noticeAlarms(nurse, 'viewed', ['a', 'b']))).toBe(60 + 180)
  })

  it('is over with a rise or a re-start: it was said of what stood there before', () => {
    const bench = new PagingBench().raise('a').noticeAlarms(nurse, 'viewed', ['a']).pass(secondsMs(10))
    bench.raise('a', { since: bench.now }).pass(minutesMs(5))
    expect(bench.told).toContain('130 backup k.ito high a')
  })
})

describe('receipts of alarms', () => {
  let bench: PagerBench
  beforeEach(async () => {
    bench = await openPagerBench()
    await bench.condition(pump1, occlusion('ep-1'))
    await flushMicrotasks()
  })
  afterEach(() => bench.close())

  const about = { episodeIds: [EpisodeId.parse('ep-1')] }
  const say = async (userId: typeof osei.userId, kind: 'audible' | 'viewed'): Promise<void> =>
    bench.paging.desk.noticed(userId, { kind, about, station: 's-1' })
  const story = async () => {
    const [alarm] = bench.picture.openAlarms()
    if (alarm === undefined) throw new Error('no alarm')
    return bench.paging.desk.of(alarm)
  }

  it('are stored before they are acknowledged, once each, and told in the story of the alarm', async () => {
    for (let times = 0; times < 3; times += 1) await say(osei.userId, 'audible')
    await bench.pass(5_000)
    await say(osei.userId, 'viewed')
    await say(ito.userId, 'viewed')
    const at = bench.clock.now()
    expect((await story()).noticed).toEqual([
      { by: osei, kind: 'audible', at: at - 5_000 },
      { by: osei, kind: 'viewed', at },
      { by: ito, kind: 'viewed', at },
    ])
    expect((await story()).calls[0]).toMatchObject({ audibleAt: at - 5_000, viewedAt: at })
    await bench.restart()
    expect((await story()).noticed).toHaveLength(3)
  })

  it('show how far word got on the wall', async () => {
    await say(osei.userId, 'audible')
    expect(bench.picture.snapshot().paged).toMatchObject([{ last: { name: 'm.osei', progress: 'heard' } }])
    await say(osei.userId, 'viewed')
    expect(bench.picture.snapshot().paged).toMatchObject([{ last: { name: 'm.osei', progress: 'viewed' } }])
  })

  it('of whoever is not asked, and of alarms that nobody is asked about, are not taken', async () => {
    await say(UserId.parse('u-somebody'), 'viewed')
    await bench.act(lind, 'accept', 'ep-1', 0)
    await say(osei.userId, 'viewed')
    expect((await story()).noticed).toEqual([])
    expect(bench.pager.counters).toMatchObject({ receiptsTaken: 0, receiptsIgnored: 2 })
  })

  it('fit into one message of the live feed', () => {
    const ids = Array.from({ length: 200 }, (_, n) => `e-${'f'.repeat(36)}${n}`)
    const notice = { kind: 'viewed', about: { episodeIds: ids }, station: 's'.repeat(64) }
    expect(PageNotice.safeParse(notice).success).toBe(true)
    expect(JSON.stringify(notice).length).toBeLessThan(16 * 1024)
    expect(PageNotice.safeParse({ ...notice, about: { episodeIds: [...ids, 'one-more'] } }).success).toBe(false)
  })
})
