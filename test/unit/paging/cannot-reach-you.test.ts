import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { flushMicrotasks } from '#test/support/manual-clock.ts'
import { ito, lind, novak, openPagerBench, osei, type PagerBench } from '#test/support/pager-bench.ts'
import { occlusion, pump1, pump2, pumpReport } from '#test/support/server-bench.ts'

describe('that somebody cannot be reached', () => {
  let bench: PagerBench
  beforeEach(async () => {
    bench = await openPagerBench()
  })
  afterEach(() => bench.close())

  const shown = () =>
    bench.wall
      .openAlarms()
      .filter(({ code, condition }) => code === 'notify-channel-down' && condition === 'active')
      .map(({ vendorText, simulated }) => `${simulated ? 'demo: ' : ''}${vendorText}`)
  const oneFails = (...ids: readonly string[]) => {
    bench.channels.answer = ({ userId }) => (ids.includes(userId) ? 'undeliverable' : 'sent')
  }
  const raise = async (): Promise<void> => {
    await bench.condition(pump1, occlusion('ep-1'))
    await flushMicrotasks()
  }

  it('is an alarm on the wall that names the person and the reason', async () => {
    oneFails(osei.userId)
    await raise()
    expect(shown()).toEqual(['Cannot be reached: m.osei (web-push: refused)'])
  })

  it('ends when a page goes through', async () => {
    oneFails(osei.userId)
    await raise()
    oneFails()
    await bench.pass(61_000)
    expect(shown()).toEqual([])
  })

  it('ends when a test page goes through to her, and with nobody else’s', async () => {
    oneFails(osei.userId)
    await raise()
    await bench.act(ito, 'accept', 'ep-1', 0)
    await bench.pager.reach.gotThrough(lind.userId)
    await bench.pass(6_000)
    expect(shown()).toHaveLength(1)
    await bench.pager.reach.gotThrough(osei.userId)
    await bench.pass(6_000)
    expect(shown()).toEqual([])
    await bench.restart()
    expect(shown()).toEqual([])
  })

  it('ends when another process has reached her with a test page', async () => {
    oneFails(osei.userId)
    await raise()
    await bench.act(ito, 'accept', 'ep-1', 0)
    await bench.pages.commit([], { yes: [osei], no: [] })
    await bench.pager.reach.load()
    await bench.pass(6_000)
    expect(shown()).toEqual([])
  })

  it('is an alarm while a channel fails its own tests, and ends with the first that it passes', async () => {
    bench.tests.now = { down: [{ channel: 'web-push', reason: 'no-such-host' }], isSettled: true }
    await bench.pass(6_000)
    expect(shown()).toEqual(['Web-push fails: no-such-host'])
    bench.tests.now = { down: [], isSettled: true }
    await bench.pass(6_000)
    expect(shown()).toEqual([])
  })

  it('a channel’s alarm of the last run stands until the channel was tested again', async () => {
    bench.tests.now = { down: [{ channel: 'webhook', reason: 'tls' }], isSettled: true }
    await bench.pass(6_000)
    bench.tests.now = { down: [], isSettled: false }
    await bench.restart()
    await bench.pass(60_000)
    expect(shown()).toEqual(['Webhook fails: tls'])
    bench.tests.now = { down: [], isSettled: true }
    await bench.pass(6_000)
    expect(shown()).toEqual([])
  })

  it('is not forgotten by a restart', async () => {
    oneFails(osei.userId)
    await raise()
    await bench.act(ito, 'accept', 'ep-1', 0)
    await bench.restart()
    expect(shown()).toEqual(['Cannot be reached: m.osei (web-push: refused)'])
  })

  it('ends when she is no longer on call, and comes back with her', async () => {
    oneFails(osei.userId)
    await raise()
    await bench.act(ito, 'accept', 'ep-1', 0)
    bench.duty.now = { primary: ito, backup: null, lead: lind }
    await bench.pass(6_000)
    expect(shown()).toEqual([])
    bench.duty.now = { primary: ito, backup: osei, lead: lind }
    await bench.pass(6_000)
    expect(shown()).toHaveLength(1)
  })

  it('says a person without any device', async () => {
    bench.channels.answer = ({ userId }) => (userId === osei.userId ? 'no-address' : 'sent')
    await raise()
    expect(shown()).toEqual(['Cannot be reached: m.osei (no device and no hook)'])
  })

  it('says that nobody is on call for an alarm that waits, until somebody is or it is answered', async () => {
    bench.duty.now = { primary: null, backup: null, lead: null }
    await raise()
    expect(shown()).toEqual(['Nobody on call who could be asked'])
    bench.duty.now = { primary: osei, backup: null, lead: null }
    await bench.pass(181_000)
    expect(shown()).toEqual([])
    expect(bench.told()[0]).toContain('m.osei high')
  })

  it('is not its own reason when nobody is on call for it', async () => {
    oneFails(osei.userId)
    await raise()
    bench.duty.now = { primary: null, backup: null, lead: null }
    await bench.pass(181_000)
    expect(shown()).toEqual(['Nobody on call who could be asked'])
    await bench.act(ito, 'accept', 'ep-1', 0)
    await bench.pass(181_000)
    expect(shown()).toEqual([])
  })

  it('keeps real and simulated apart', async () => {
    bench.duty.now = { primary: osei, backup: novak, lead: null }
    oneFails(osei.userId, novak.userId)
    bench.heartbeat([pumpReport(pump2, { simulated: true })])
    await bench.condition(pump2, occlusion('demo'))
    await flushMicrotasks()
    expect(shown()).toEqual(['demo: Cannot be reached: a.novak (web-push: refused)'])
    await raise()
    expect(shown().toSorted()).toEqual([
      'Cannot be reached: m.osei (web-push: refused)',
      'demo: Cannot be reached: a.novak (web-push: refused)',
    ])
    const people = new Set(bench.channels.sent.map(({ page, userId }) => `${String(page.simulated)} ${userId}`))
    expect(people).toEqual(new Set([`true ${novak.userId}`, `false ${osei.userId}`]))
  })
})
