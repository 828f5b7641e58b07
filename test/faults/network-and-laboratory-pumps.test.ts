import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually, eventuallyPasses } from '#test/support/eventually.ts'
import { System } from '#test/support/system.ts'
import { readTruth } from '#test/support/truth.ts'
import type { AlarmView } from '#domain/live/views.ts'
import type { HubStatus } from '#gateway/core/health.ts'
import type { Nurse } from '#test/support/nurse.ts'

// Pumps that are TCP servers of their own, and laboratory pumps that are only listened to or whose queries have effects, over real
// sockets and pseudo-terminals, from a simulator to the server.

const terumo = '000100700000009901000001'
const listened = 'LAB-1'
const asked = 'LAB-2'
const fast = 'rateMlPerHour=120'

let system: System
let nurse: Nurse

const alarmsOf = async (pumpId: string): Promise<readonly AlarmView[]> =>
  [...(await nurse.openAlarms()), ...(await nurse.closedAlarms())].filter((alarm) => alarm.pumpId === pumpId)

const conditionOf = async (pumpId: string, code: AlarmView['code']): Promise<AlarmView['condition'] | null> =>
  (await alarmsOf(pumpId)).find((alarm) => alarm.code === code)?.condition ?? null

const portOf = async (pumpId: string): Promise<HubStatus['ports'][number] | undefined> => {
  const status = (await (await fetch(`${system.gatewayStatusUrl}/status`)).json()) as HubStatus
  return status.ports.find(({ name }) => name === `port-${pumpId}`)
}

const over: readonly (AlarmView['condition'] | null)[] = ['ended', 'latched']

describe.skipIf(!existsSync('/dev/ptmx'))('a Terumo pump and two New Era pumps (needs /dev/ptmx)', () => {
  beforeAll(async () => {
    system = await System.start({
      pumps: [
        { id: terumo, protocol: 'terumo-xml-tcp', wire: 'tcp', settings: fast, port: { model: 'ss' } },
        {
          id: listened,
          protocol: 'new-era-ne1000',
          wire: 'serial',
          // a single packet to it would arm the time-out, and soon stop it
          settings: `${fast},safTimeoutS=3`,
          port: { assetTag: listened },
        },
        {
          id: asked,
          protocol: 'new-era-ne1000',
          wire: 'serial',
          settings: `${fast},mode=basic`,
          port: { assetTag: asked, mode: 'basic', poll: 'dis-rat' },
        },
      ],
      env: {},
    })
    nurse = await system.signIn('nurse')
  })
  afterAll(() => system?.[Symbol.asyncDispose]())

  it('show what each pump is: heard, only listened to, and asked with effects', async () => {
    const pumps = new Map((await nurse.pumps()).map((pump) => [String(pump.pumpId), pump]))
    expect(pumps.get(terumo)).toMatchObject({ link: 'up', serial: terumo, experimental: true })
    expect(pumps.get(terumo)?.sample).toMatchObject({ operatingState: 'infusing', rateMlPerHour: 120 })
    expect(pumps.get(listened)).toMatchObject({ link: 'listening', sample: null, label: null, simulated: true })
    expect(pumps.get(asked)).toMatchObject({ link: 'up', label: null, simulated: true })
    expect(await portOf(listened)).toMatchObject({
      link: 'listening',
      reason: 'listening only, link not supervised',
      counters: { ok: 0 },
    })
    expect(await portOf(asked)).toMatchObject({ reason: 'queries acknowledge pump alarms' })
  })

  it('raise the alarm of a blocked Terumo line without a side, and end it when the line is free', async () => {
    await system.act(terumo, 'occlude')
    await eventually(async () => (await conditionOf(terumo, 'occlusion-unspecified')) === 'active', { within: 30_000 })
    await eventually(
      async () =>
        (await nurse.pumps()).find(({ pumpId }) => pumpId === terumo)?.sample?.operatingState === 'stopped-alarm',
      { within: 10_000 },
    )
    await system.act(terumo, 'release')
    await eventually(async () => over.includes(await conditionOf(terumo, 'occlusion-unspecified')), { within: 20_000 })
  })

  it('lose a Terumo pump whose network is gone, and find it again under the same name', async () => {
    await system.act(terumo, 'unplug')
    await eventually(async () => (await conditionOf(terumo, 'link-lost-pump')) === 'active', { within: 30_000 })
    expect((await portOf(terumo))?.reason).toContain('cannot be reached')
    await system.act(terumo, 'replug')
    await eventually(async () => (await conditionOf(terumo, 'link-lost-pump')) !== 'active', { within: 60_000 })
    expect((await nurse.pumps()).filter(({ protocol }) => protocol === 'terumo-xml-tcp')).toHaveLength(1)
  })

  it('take a pushed alarm from a line that nothing is written to, and never call its silence a loss', async () => {
    await system.act(listened, 'occlude')
    await eventually(async () => (await conditionOf(listened, 'drive-fault')) === 'active', { within: 30_000 })
    const [alarm] = await alarmsOf(listened)
    expect(alarm).toMatchObject({ priority: 'high', simulated: true, experimental: true })
    expect(alarm?.vendorText).toContain('not re-read')
    // longer than any silence that another pump is allowed
    const heard = await portOf(listened)
    await eventuallyPasses(
      async () => {
        const [hub] = await nurse.hubs()
        expect((hub?.lastHeardAt ?? 0) - (alarm?.observedAt ?? 0)).toBeGreaterThan(16_000)
      },
      { within: 40_000, every: 500 },
    )
    expect((await alarmsOf(listened)).map(({ code }) => code)).toEqual(['drive-fault'])
    expect(heard?.link).toBe('listening')
    const refusals = readTruth(system.truthFile).filter(({ kind, pumpId }) => kind === 'refused' || pumpId === '')
    expect(refusals).toEqual([])
  })

  it('end that alarm once a nurse has closed it out, and begin it again when it is told again', async () => {
    const [alarm] = await alarmsOf(listened)
    const body = { requestId: 'close-lab-1', expectedVersion: alarm?.version, class: 'true-and-acted', note: '' }
    const path = `/alarms/${String(alarm?.episodeId)}/resolve`
    expect((await nurse.request('POST', path, { ...body, finding: 'none' })).status).toBe(200)
    await eventually(async () => (await conditionOf(listened, 'drive-fault')) === 'closed', { within: 20_000 })
    await system.act(listened, 'release')
    const isOver = (): boolean =>
      readTruth(system.truthFile).some(
        (line) => line.pumpId === listened && line.kind === 'alarm' && line.raised === false,
      )
    await eventually(isOver, { within: 20_000 })
    await system.act(listened, 'occlude')
    await eventually(
      async () =>
        (await nurse.openAlarms()).some(({ pumpId, condition }) => pumpId === listened && condition === 'active'),
      { within: 40_000 },
    )
  })

  it('stop asking a pump that has told an alarm, and end it after a restart of the gateway', async () => {
    await system.act(asked, 'occlude')
    await eventually(async () => (await conditionOf(asked, 'drive-fault')) === 'active', { within: 30_000 })
    await eventually(async () => (await portOf(asked))?.link === 'listening', { within: 10_000 })
    expect((await portOf(asked))?.reason).toContain('restart the gateway to ask again')
    const bytes = (await portOf(asked))?.counters['bytes']
    await system.act(asked, 'release')
    await eventually(async () => (await nurse.pumps()).find(({ pumpId }) => pumpId === asked)?.link === 'listening', {
      within: 20_000,
    })
    expect((await portOf(asked))?.counters['bytes']).toBe(bytes)
    expect(await conditionOf(asked, 'drive-fault')).toBe('active')

    await system.gateway.kill('SIGTERM')
    system.startGateway()
    await eventually(async () => over.includes(await conditionOf(asked, 'drive-fault')), { within: 30_000 })
    await eventually(async () => (await portOf(asked))?.link === 'up', { within: 10_000 })
    // Nobody has re-read the other one: its alarm stays.
    expect((await nurse.openAlarms()).filter(({ pumpId }) => pumpId === listened)).toMatchObject([
      { code: 'drive-fault' },
    ])
  })
})
