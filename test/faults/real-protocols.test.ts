import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { eventually } from '#test/support/eventually.ts'
import { System } from '#test/support/system.ts'
import type { FleetMember } from '#test/support/system.ts'

const pumps: readonly FleetMember[] = [
  { id: '032-19-50-014', protocol: 'neurowave-ap4000', wire: 'serial', settings: 'rateMlPerHour=120' },
  { id: 'SN800009', protocol: 'zyno-miva', wire: 'serial', settings: 'rateMlPerHour=120' },
]

/** From the simulated pump on a pseudo-terminal through the gateway process to what a nurse is told. */
describe.skipIf(!existsSync('/dev/ptmx'))('pumps of published protocols on serial lines (needs /dev/ptmx)', () => {
  it('AP-4000: an alarm of one channel begins and ends, and the other channel stays beside it', async () => {
    await using system = await System.start({ pumps: pumps.slice(0, 1) })
    const nurse = await system.signIn('nurse')
    const id = pumps[0]?.id ?? ''
    const pump = async () => (await nurse.pumps()).find(({ pumpId }) => pumpId === id)
    const begun = Date.now()
    await eventually(async () => ((await pump())?.otherChannels.length ?? 0) === 1, { within: 15_000 })
    const before = await pump()
    expect(before).toMatchObject({ experimental: true, simulated: true, protocol: 'neurowave-ap4000' })
    expect(before?.sample).toMatchObject({ channelId: '1', operatingState: 'infusing', rateMlPerHour: 120 })
    expect(before?.otherChannels[0]?.sample).toMatchObject({ channelId: '2', rateMlPerHour: 1.8 })

    await system.act(id, 'occlude')
    const alarm = await eventually(
      async () => (await nurse.openAlarms()).find(({ code }) => code === 'occlusion-downstream'),
      { within: 40_000, every: 200, what: 'the occlusion' },
    )
    expect(alarm).toMatchObject({
      pumpId: id,
      channelId: '1',
      priority: 'high',
      experimental: true,
      condition: 'active',
    })
    await eventually(async () => (await pump())?.sample?.operatingState === 'stopped-alarm', { within: 10_000 })
    expect((await pump())?.otherChannels[0]?.sample).toMatchObject({ operatingState: 'infusing', rateMlPerHour: 1.8 })

    await system.act(id, 'mains-off')
    const mains = await eventually(async () => (await nurse.openAlarms()).find(({ code }) => code === 'mains-lost'), {
      within: 15_000,
      every: 200,
    })
    expect(mains.channelId).toBeNull()

    await system.act(id, 'release')
    await eventually(
      async () =>
        (await nurse.openAlarms()).every(({ code, endedAt }) => code !== 'occlusion-downstream' || endedAt !== null),
      { within: 20_000, every: 200, what: 'the end of the occlusion' },
    )
    const rates = async (channel: string) => {
      const { buckets } = await nurse.history(id, begun - 60_000, Date.now() + 5_000, 2000, channel)
      return new Set(buckets.flatMap(({ values }) => values.rateMlPerHour ?? []))
    }
    expect(await rates('2')).toEqual(new Set([1.8]))
    expect((await rates('1')).has(1.8)).toBe(false)
  })

  it('MIVA: an alarm follows from the log, survives a pulled cable, and ends with its event', async () => {
    await using system = await System.start({ pumps: pumps.slice(1) })
    const nurse = await system.signIn('nurse')
    const id = pumps[1]?.id ?? ''
    expect((await nurse.pumps())[0]?.caution).toContain('event log')
    const occlusion = async () => (await nurse.openAlarms()).find(({ code }) => code === 'occlusion-downstream')
    await system.act(id, 'occlude')
    const alarm = await eventually(occlusion, { within: 40_000, every: 200, what: 'the occlusion' })
    expect(alarm).toMatchObject({ pumpId: id, channelId: '1', experimental: true, condition: 'active' })
    expect(alarm.vendorText).toContain('downstream occlusion, pump clock 2022-11-04')

    // The cable is out while the pump says that it is over: nobody knows, until the log has been read again.
    await system.act(id, 'unplug')
    await eventually(async () => (await occlusion())?.condition === 'unverified', { within: 30_000, every: 200 })
    await system.act(id, 'release')
    expect((await occlusion())?.endedAt).toBeNull()
    await system.act(id, 'replug')
    await eventually(
      async () => {
        const shown = await occlusion()
        return shown === undefined || (shown.endedAt !== null && shown.condition !== 'unverified')
      },
      { within: 30_000, every: 200, what: 'the end of the occlusion' },
    )
  })
})
