import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { EpisodeId } from '#domain/ids.ts'
import type { PageEvent } from '#domain/paging/events.ts'
import { flushMicrotasks } from '#test/support/manual-clock.ts'
import { ito, lind, novak, openPagerBench, osei, type PagerBench } from '#test/support/pager-bench.ts'
import { occlusion, pump1, pump2, pumpReport } from '#test/support/server-bench.ts'

describe('the pager', () => {
  let bench: PagerBench
  beforeEach(async () => {
    bench = await openPagerBench()
  })
  afterEach(() => bench.close())

  const journal = async (): Promise<readonly PageEvent['type'][]> => {
    const roots = await bench.pages.restless()
    const all = await Promise.all(roots.map((root) => bench.pages.since(root, 0)))
    return all.flat().map(({ type }) => type)
  }

  it('pages the nurse on call at once when nobody said that the therapy is not critical', async () => {
    await bench.condition(pump1, occlusion('ep-1'))
    await flushMicrotasks()
    expect(bench.told()).toEqual(['m.osei high ep-1'])
    expect(await journal()).toEqual(['page-queued', 'page-attempted'])
  })

  it('asks the backup and the lead when their time has come', async () => {
    await bench.condition(pump1, occlusion('ep-1'))
    await bench.pass(125_000)
    expect(bench.told().filter((line) => !line.startsWith('m.osei'))).toEqual(['k.ito high ep-1', 'j.lind high ep-1'])
  })

  it('asks nobody anew because somebody else rejects it, and the next one no later', async () => {
    await bench.condition(pump1, occlusion('ep-1'))
    await bench.pass(20_000)
    await bench.act(lind, 'reject', 'ep-1', 0)
    await bench.pass(30_000)
    expect(bench.told()).toEqual(['m.osei high ep-1'])
    await bench.pass(130_000)
    expect(bench.told()).toContain('k.ito high ep-1')
  })

  it('stops the moment somebody accepts, and reminds the owner as long as it goes on', async () => {
    await bench.condition(pump1, occlusion('ep-1'))
    await bench.pass(30_000)
    await bench.act(ito, 'accept', 'ep-1', 0)
    await bench.pass(400_000)
    expect(bench.told()).toEqual(['m.osei high ep-1', 'k.ito high ep-1', 'k.ito high ep-1'])
    expect(bench.channels.sent.at(-1)?.page.kind).toBe('reminder')
  })

  it('pages nobody for a condition that is over, and rests', async () => {
    await bench.condition(pump1, occlusion('ep-1', { priority: 'medium', code: 'reservoir-low' }))
    await bench.pass(170_000)
    await bench.condition(
      pump1,
      occlusion('ep-1', { priority: 'medium', code: 'reservoir-low', phase: 'end', state: 'inactive' }),
    )
    await bench.pass(3_600_000)
    expect(bench.told()).toEqual([])
  })

  it('pages nobody for a high alarm that was over before anybody took it: it stays latched on the wall', async () => {
    await bench.condition(pump1, occlusion('ep-1'))
    await bench.condition(pump1, occlusion('ep-1', { phase: 'end', state: 'inactive' }))
    await bench.pass(600_000)
    expect(bench.told().length).toBeLessThanOrEqual(1)
    expect(bench.picture.openAlarms().map(({ condition }) => condition)).toEqual(['latched'])
  })

  it('pages nobody for a late record until a list confirms it', async () => {
    await bench.condition(pump1, occlusion('ep-1'), true)
    await bench.pass(600_000)
    expect(bench.told()).toEqual([])
    await bench.snapshot(pump1, [occlusion('ep-1')])
    await flushMicrotasks()
    expect(bench.told()).toEqual(['m.osei high ep-1'])
  })

  it('goes on while the pump is not heard: nobody knows that it is over', async () => {
    await bench.condition(pump1, occlusion('ep-1'))
    await bench.event(pump1, 'link-down')
    await bench.pass(61_000)
    expect(bench.told().filter((line) => line.includes('ep-1')).length).toBeGreaterThan(1)
  })

  it('never pages a real person for a simulated alarm, nor a demo person for a real one', async () => {
    bench.duty.now = { primary: osei, backup: novak, lead: null }
    bench.heartbeat([pumpReport(pump2, { simulated: true })])
    await bench.condition(pump1, occlusion('real'))
    await bench.condition(pump2, occlusion('demo'))
    await bench.pass(400_000)
    const lines = new Set(bench.told().filter((line) => line.includes('real') || line.includes('demo')))
    expect([...lines].toSorted()).toEqual(['a.novak high demo', 'm.osei high real'])
  })

  it('pages nobody for a pump of a laboratory', async () => {
    bench.heartbeat([pumpReport(pump1, { protocol: 'new-era-ne1000' })])
    await bench.condition(pump1, occlusion('ep-1'))
    await bench.pass(400_000)
    expect(bench.told().filter((line) => line.includes('ep-1'))).toEqual([])
  })

  it('sends what was committed and has no answer again after a restart, under the same id', async () => {
    bench.channels.answer = () => 'never'
    await bench.condition(pump1, occlusion('ep-1'))
    await flushMicrotasks()
    bench.channels.answer = () => 'sent'
    await bench.restart()
    await bench.pass(10_500)
    const [first, second] = bench.ids()
    expect(second).toBe(first)
    expect((await journal()).filter((type) => type === 'page-queued')).toHaveLength(1)
  })

  it('goes on with its steps after a restart as if nothing had been', async () => {
    await bench.condition(pump1, occlusion('ep-1'))
    await bench.pass(30_000)
    await bench.restart()
    await bench.snapshot(pump1, [occlusion('ep-1')])
    await bench.pass(29_000)
    expect(bench.told()).toEqual(['m.osei high ep-1'])
    await bench.pass(2_000)
    expect(bench.told().slice(1)).toEqual(['m.osei high ep-1', 'k.ito high ep-1'])
  })

  it('given a restart, waits up to 10 s for word of a pump, and no longer', async () => {
    await bench.condition(pump1, occlusion('ep-1'))
    await bench.pass(59_000)
    await bench.restart()
    await bench.pass(9_500)
    expect(bench.told()).toHaveLength(1)
    await bench.pass(1_000)
    expect(bench.told()).toHaveLength(3)
  })

  it('given a pump that says after the restart that it is over, pages nobody', async () => {
    await bench.condition(pump1, occlusion('ep-1'))
    await bench.pass(59_000)
    await bench.restart()
    bench.channels.sent.length = 0
    await bench.pass(3_000)
    await bench.snapshot(pump1, [])
    await bench.pass(600_000)
    expect(bench.told()).toEqual([])
  })

  it('keeps its deadlines when the wall clock is set', async () => {
    await bench.condition(pump1, occlusion('ep-1'))
    await flushMicrotasks()
    bench.clock.stepWall(-3_600_000)
    await bench.pass(61_000)
    expect(bench.told().length).toBeGreaterThan(1)
    const { length } = bench.told()
    bench.clock.stepWall(7_200_000)
    await bench.pass(20_000)
    expect(bench.told()).toHaveLength(length)
  })

  it('tries again when the journal did not take it, and sends nothing before it did', async () => {
    const commit = bench.pages.commit.bind(bench.pages)
    let failures = 3
    bench.pages.commit = async (...args) => {
      failures -= 1
      if (failures >= 0) throw new Error('disk')
      return commit(...args)
    }
    await bench.condition(pump1, occlusion('ep-1'))
    await flushMicrotasks()
    expect(bench.told()).toEqual([])
    await bench.pass(1_000)
    expect(bench.told()).toEqual(['m.osei high ep-1'])
    expect(bench.pager.counters.commitsFailed).toBe(3)
  })

  it('calls off what devices show once nobody has to answer any more', async () => {
    await bench.condition(pump1, occlusion('ep-1'))
    await bench.pass(61_000)
    expect(bench.channels.ended).toEqual([])
    await bench.act(ito, 'accept', 'ep-1', 0)
    expect(bench.channels.ended.toSorted()).toEqual(['n-2 accepted', 'n-3 accepted'])
    await bench.condition(pump1, occlusion('ep-1', { phase: 'end', state: 'inactive' }))
    await bench.pass(10_000)
    expect(bench.channels.ended).toHaveLength(2)
  })

  it('takes a channel that never answers for timed out', async () => {
    bench.channels.answer = ({ userId }) => (userId === osei.userId ? 'never' : 'sent')
    await bench.condition(pump1, occlusion('ep-1'))
    await bench.pass(16_000)
    expect(bench.told()).toEqual(['m.osei high ep-1', 'k.ito high ep-1'])
  })

  it('takes down receipts, once each, and of people who were paged only', async () => {
    await bench.condition(pump1, occlusion('ep-1'))
    await flushMicrotasks()
    const [notificationId = ''] = bench.ids()
    const heard = { kind: 'audible', station: 's-1' } as const
    bench.pager.noticed({ notificationId }, { userId: osei.userId, ...heard })
    await flushMicrotasks()
    bench.pager.noticed({ notificationId }, { userId: osei.userId, ...heard })
    bench.pager.noticed({ notificationId }, { userId: lind.userId, ...heard })
    const viewed = { userId: osei.userId, kind: 'viewed', station: 's-1' } as const
    bench.pager.noticed({ episodeIds: [EpisodeId.parse('ep-1')] }, viewed)
    await flushMicrotasks()
    expect((await journal()).filter((type) => type === 'page-noticed')).toHaveLength(2)
    expect(bench.pager.counters).toMatchObject({ receiptsTaken: 2, receiptsIgnored: 1 })
  })

  it('tells the story of an alarm: who was paged, how far it got, and who is next', async () => {
    await bench.condition(pump1, occlusion('ep-1'))
    await flushMicrotasks()
    const [alarm] = bench.picture.openAlarms()
    if (alarm === undefined) throw new Error('no alarm')
    const { calls, next } = await bench.paging.desk.of(alarm)
    expect(calls).toMatchObject([{ to: osei, place: 'primary', state: 'sent', audibleAt: null, attempt: 1 }])
    // Nobody has heard it: with the second page to her the backup is asked.
    const at = bench.clock.now() + 60_000
    expect(next).toEqual({ place: 'backup', to: ito, at })
    expect(bench.picture.snapshot().paged).toMatchObject([
      {
        episodeId: 'ep-1',
        last: { name: 'm.osei', progress: 'sent' },
        beyond: [],
        next: { step: 'backup', dueAt: at },
      },
    ])
    await bench.act(ito, 'accept', 'ep-1', 0)
    expect(bench.picture.snapshot().paged).toEqual([])
    expect((await bench.paging.desk.of(alarm)).calls).toHaveLength(1)
  })
})
