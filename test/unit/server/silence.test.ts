import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BootId, PumpId } from '#domain/ids.ts'
import { hub1, occlusion, openServerBench, pump1, pump2, pumpReport } from '#test/support/server-bench.ts'
import type { ServerBench } from '#test/support/server-bench.ts'
import { byAdmin } from '#test/support/acts.ts'

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

  it('with many pumps is one alarm that names them all, and stays one', async () => {
    const many = Array.from({ length: 20 }, (_, index) => PumpId.parse(`M-${index + 1}`))
    bench.heartbeat([pump1, pump2, ...many].map((pumpId) => pumpReport(pumpId)))
    for (const pumpId of many) await bench.snapshot(pumpId)
    await bench.clock.advanceAsync(30_000)
    const lost = bench.picture.openAlarms()
    expect(lost.map(({ code }) => code)).toEqual(['link-lost-hub'])
    expect(lost[0]?.unverifiedPumps).toEqual(expect.arrayContaining(many))
    await bench.clock.advanceAsync(600_000)
    expect(open()).toEqual(['link-lost-hub hub active high'])
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

describe('a heartbeat that something newer has overtaken', () => {
  it('built before a link came up again does not take that back', async () => {
    const built = bench.clock.monotonic()
    bench.clock.advance(5000)
    await bench.event(pump1, 'link-down')
    bench.clock.advance(1000)
    await bench.event(pump1, 'link-up')
    bench.heartbeat([pumpReport(pump1, { link: 'lost', silentMs: 6000 }), pumpReport(pump2)], built)
    await bench.clock.advanceAsync(1000)
    expect(open()).toEqual(['link-lost-pump P-1 ended medium'])
    expect(bench.picture.pump(pump1)?.link).toBe('up')
    bench.heartbeat([pumpReport(pump1, { link: 'lost', silentMs: 6000 }), pumpReport(pump2)])
    await bench.clock.advanceAsync(1000)
    expect(open()).toEqual(['link-lost-pump P-1 active medium'])
  })

  it('of the same boot or of an older one says nothing about now', async () => {
    const built = bench.clock.monotonic()
    bench.clock.advance(5000)
    bench.heartbeat([pumpReport(pump1), pumpReport(pump2)])
    bench.heartbeat([pumpReport(pump1, { link: 'lost' }), pumpReport(pump2)], built)
    bench.heartbeat([pumpReport(pump1), pumpReport(pump2)], 100, BootId.parse('boot-2'))
    bench.heartbeat([pumpReport(pump1, { link: 'lost' }), pumpReport(pump2)])
    await bench.clock.advanceAsync(1000)
    expect(open()).toEqual([])
    expect(bench.picture.hub(hub1)?.bootId).toBe('boot-2')
  })
})

describe('what a hub says of itself', () => {
  const disk = { code: 'storage-degraded', priority: 'low', text: 'the disk is nearly full' } as const

  it('is one alarm of the hub while heartbeats name it, and ends with the first that does not', async () => {
    await bench.conditions(disk)
    await bench.conditions(disk)
    expect(open()).toEqual(['storage-degraded hub active low'])
    expect(bench.picture.openAlarms()[0]).toMatchObject({ hubId: hub1, vendorText: 'the disk is nearly full' })
    const clock = { code: 'clock-untrusted', priority: 'info', text: 'the clock was set' } as const
    await bench.conditions({ ...disk, priority: 'high' }, clock)
    expect(open()).toEqual(['clock-untrusted hub active info', 'storage-degraded hub active high'])
    await bench.conditions(clock)
    expect(open()).toEqual(['clock-untrusted hub active info', 'storage-degraded hub latched high'])
  })

  it('survives a restart, and still ends', async () => {
    await bench.conditions(disk)
    const { picture } = await bench.restarted()
    expect(picture.openAlarms()).toMatchObject([{ code: 'storage-degraded', condition: 'active', hubId: hub1 }])
  })

  it('is stored with the next heartbeat when the journal failed', async () => {
    bench.faults.journal = 'SRV_JOURNAL_UNAVAILABLE'
    await bench.conditions(disk)
    expect(open()).toEqual([])
    bench.faults.journal = null
    await bench.conditions(disk)
    expect(open()).toEqual(['storage-degraded hub active low'])
  })
})

const revoke = async () => {
  await bench.enrol('key')
  await bench.clock.advanceAsync(5000)
  bench.heartbeat([pumpReport(pump1), pumpReport(pump2)])
  await bench.hubs.revoke(hub1, byAdmin)
  await bench.clock.advanceAsync(5000)
}

describe('a hub whose key is revoked', () => {
  it('shows its pumps as lost and their alarms as unverified, and is not waited for', async () => {
    await bench.condition(pump1, occlusion('ep-1'))
    await revoke()
    await bench.clock.advanceAsync(60_000)
    expect(open()).toEqual(['occlusion-downstream P-1 unverified high'])
    expect([bench.picture.pump(pump1)?.link, bench.picture.hub(hub1)?.state]).toEqual(['lost', 'revoked'])
  })

  it('and goes on sending raises one alarm that names its pumps, until it has given up for an hour', async () => {
    await revoke()
    for (let time = 0; time < 3; time += 1) bench.links.refused(hub1)
    await bench.clock.advanceAsync(1000)
    expect(open()).toEqual(['hub-auth-failed hub active high'])
    expect(bench.picture.openAlarms()[0]).toMatchObject({ unverifiedPumps: ['P-1', 'P-2'] })
    await bench.clock.advanceAsync(3_598_000)
    expect(open()).toEqual(['hub-auth-failed hub active high'])
    await bench.clock.advanceAsync(2000)
    expect(open()).toEqual(['hub-auth-failed hub latched high'])
  })

  it('and was refused before the server itself had read of it raises that alarm all the same', async () => {
    await bench.enrol('key')
    await bench.clock.advanceAsync(5000)
    bench.heartbeat([pumpReport(pump1), pumpReport(pump2)])
    await bench.hubs.revoke(hub1, byAdmin)
    bench.links.refused(hub1)
    await bench.clock.advanceAsync(6000)
    expect(open()).toEqual(['hub-auth-failed hub active high'])
  })

  it('is expected again once it has paired anew, and its alarm ends when it is heard', async () => {
    await revoke()
    bench.links.refused(hub1)
    await bench.enrol('second-key')
    await bench.clock.advanceAsync(5000)
    expect(bench.picture.hub(hub1)?.state).toBe('lost')
    bench.heartbeat([pumpReport(pump1), pumpReport(pump2)])
    await bench.clock.advanceAsync(1000)
    expect(open()).toEqual(['hub-auth-failed hub latched high'])
    expect(bench.picture.hub(hub1)?.state).toBe('live')
    await bench.clock.advanceAsync(31_000)
    expect(open()).toContain('link-lost-hub hub active high')
  })
})

describe('a restart of the server', () => {
  it('brings every open alarm back from the journal, unchanged', async () => {
    await bench.condition(pump1, occlusion('ep-1'))
    await bench.event(pump2, 'link-down')
    await bench.alarms.desk.act(
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
    await bench.alarms.desk.act(
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
    expect(alarms.desk.list({ state: 'closed', limit: 10 })).toMatchObject([{ episodeId: 'ep-1', response: 'closed' }])
    expect(await alarms.desk.detail('ep-1' as never)).toMatchObject({ alarm: { resolved: { by: { name: 'm.osei' } } } })
  })
})
