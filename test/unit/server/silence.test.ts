import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hub1, occlusion, openServerBench, pump1, pump2, pumpReport } from '#test/support/server-bench.ts'
import type { ServerBench } from '#test/support/server-bench.ts'

let bench: ServerBench

const open = () =>
  bench.picture
    .openAlarms()
    .map(({ code, pumpId, condition, priority }) => `${code} ${pumpId ?? 'hub'} ${condition} ${priority}`)
    .toSorted()

beforeEach(async () => {
  bench = await openServerBench({
    assignments: new Map([
      [pump1, { label: 'Bed 1', criticality: 'standard' as const }],
      [pump2, { label: 'Bed 2', criticality: 'critical' as const }],
    ]),
  })
  bench.heartbeat([pumpReport(pump1), pumpReport(pump2)])
  bench.sample(pump1, 5)
  bench.sample(pump2, 5)
  await bench.snapshot(pump1)
  await bench.snapshot(pump2)
  bench.links.start()
  bench.wanted.length = 0
})
afterEach(() => bench.close())

describe('a hub that falls silent', () => {
  it('raises one alarm that names its pumps; their alarms become unverified and do not end', async () => {
    await bench.condition(pump1, occlusion('ep-1'))
    await bench.clock.advanceAsync(30_000)
    expect(open()).toEqual(['link-lost-hub hub active high', 'occlusion-downstream P-1 unverified high'])
    expect(bench.picture.openAlarms().find(({ code }) => code === 'link-lost-hub')).toMatchObject({
      hubId: hub1,
      unverifiedPumps: ['P-1', 'P-2'],
    })
    expect(bench.picture.hub(hub1)).toMatchObject({ state: 'lost' })
    expect(bench.wanted).toEqual(['P-1', 'P-2'])
  })

  it('ends that alarm when it is heard again and the lists of its pumps have come', async () => {
    await bench.condition(pump1, occlusion('ep-1'))
    await bench.clock.advanceAsync(30_000)
    bench.heartbeat([pumpReport(pump1), pumpReport(pump2)])
    await bench.clock.advanceAsync(1)
    expect(open()).toEqual(['link-lost-hub hub active high', 'occlusion-downstream P-1 unverified high'])
    await bench.snapshot(pump2)
    await bench.snapshot(pump1, [occlusion('ep-1', { phase: 'continue' })])
    await bench.clock.advanceAsync(1000)
    expect(open()).toEqual(['link-lost-hub hub latched high', 'occlusion-downstream P-1 active high'])
    expect(bench.picture.hub(hub1)).toMatchObject({ state: 'live' })
  })

  it('is found when the journal was full at that moment, as soon as it stores again', async () => {
    bench.faults.journal = 'SRV_JOURNAL_UNAVAILABLE'
    await bench.clock.advanceAsync(35_000)
    expect(open()).toEqual([])
    bench.faults.journal = null
    await bench.clock.advanceAsync(1000)
    expect(open()).toEqual(['link-lost-hub hub active high'])
  })
})

describe('a pump that falls silent', () => {
  it('while infusing a critical therapy is high, a standard one medium', async () => {
    await bench.event(pump1, 'link-down')
    await bench.event(pump2, 'link-down')
    expect(open()).toEqual(['link-lost-pump P-1 active medium', 'link-lost-pump P-2 active high'])
    expect(bench.picture.pump(pump1)).toMatchObject({ link: 'lost' })
  })

  it('keeps its own alarm, unverified, until its list comes', async () => {
    await bench.condition(pump1, occlusion('ep-1'))
    bench.clock.advance(5000)
    await bench.event(pump1, 'link-down')
    expect(open()).toContain('occlusion-downstream P-1 unverified high')
    bench.clock.advance(5000)
    await bench.event(pump1, 'link-up')
    expect(open()).toContain('occlusion-downstream P-1 unverified high')
    await bench.snapshot(pump1, [occlusion('ep-1', { phase: 'continue' })])
    expect(open()).toContain('occlusion-downstream P-1 active high')
  })

  it('is one alarm whether event or heartbeat tells it first', async () => {
    await bench.event(pump1, 'link-down')
    bench.heartbeat([pumpReport(pump1, { link: 'lost', silentMs: 6000 }), pumpReport(pump2)])
    await bench.clock.advanceAsync(1000)
    expect(open()).toEqual(['link-lost-pump P-1 active medium'])
  })

  it('an event that arrives late raises nothing: the heartbeat knows better', async () => {
    await bench.event(pump1, 'link-down', true)
    expect(open()).toEqual([])
  })
})

describe('a restart of the server', () => {
  it('brings every open alarm back from the journal, unchanged', async () => {
    await bench.condition(pump1, occlusion('ep-1'))
    await bench.event(pump2, 'link-down')
    await bench.alarms.act(
      { userId: 'u-1' as never, name: 'm.osei' },
      {
        kind: 'accept',
        requestId: 'request-a',
        episodeId: 'ep-1' as never,
        expectedVersion: 0,
      },
    )
    const { picture } = await bench.restarted()
    const story = ({ episodeId, condition, response, owner, version }: (typeof before)[number]) => ({
      episodeId,
      condition,
      response,
      owner,
      version,
    })
    const before = bench.picture.openAlarms()
    expect(before).toHaveLength(2)
    expect(picture.openAlarms().map(story)).toEqual(before.map(story))
  })

  it('keeps closed alarms readable', async () => {
    await bench.condition(pump1, occlusion('ep-1'))
    await bench.condition(pump1, occlusion('ep-1', { phase: 'end', state: 'inactive' }))
    await bench.alarms.act(
      { userId: 'u-1' as never, name: 'm.osei' },
      {
        kind: 'resolve',
        requestId: 'request-a',
        episodeId: 'ep-1' as never,
        expectedVersion: 0,
        class: 'false',
        finding: 'none',
        note: '',
      },
    )
    const { alarms, picture } = await bench.restarted()
    expect(picture.openAlarms()).toEqual([])
    expect(alarms.list({ state: 'closed', limit: 10 })).toMatchObject([{ episodeId: 'ep-1', response: 'closed' }])
    expect(await alarms.detail('ep-1' as never)).toMatchObject({ alarm: { resolved: { by: { name: 'm.osei' } } } })
  })
})
