import { afterAll, beforeAll, expect, it } from 'vitest'
import type { AlarmView } from '#domain/live/views.ts'
import { eventually, eventuallyPasses } from '#test/support/eventually.ts'
import type { Nurse } from '#test/support/nurse.ts'
import { System } from '#test/support/system.ts'

// What no pump says, over real lines, a real hub and a real server.

const closing = 'SIM-0001'
const slipping = 'SIM-0005'
const healthy = '8002-00003'

let system: System
let nurse: Nurse

beforeAll(async () => {
  system = await System.start({
    pumps: [
      // At this rate and limit the pump itself needs nearly four minutes.
      { id: closing, protocol: 'ip1', wire: 'serial', settings: 'rateMlPerHour=12,occlusionLimitMmHg=650' },
      { id: slipping, protocol: 'mqtt-json', wire: 'mqtt', settings: 'rateMlPerHour=120' },
      { id: healthy, protocol: 'alaris-acp', wire: 'serial', settings: 'rateMlPerHour=120' },
    ],
  })
  nurse = await system.signIn('nurse')
  await eventuallyPasses(
    async () => expect((await nurse.pumps()).map(({ link }) => link)).toEqual(['up', 'up', 'up']),
    { within: 30_000, every: 200 },
  )
})
afterAll(() => system?.[Symbol.asyncDispose]())

const alarmsOf = async (pumpId: string): Promise<readonly AlarmView[]> =>
  [...(await nurse.openAlarms()), ...(await nurse.closedAlarms())].filter((alarm) => alarm.pumpId === pumpId)
/** A busy machine may lose a link meanwhile: that is not what is looked at here. */
const codesOf = async (pumpId: string): Promise<readonly string[]> =>
  (await alarmsOf(pumpId)).map(({ code }) => code).filter((code) => !code.startsWith('link-lost-'))

it('a slow occlusion is called before the pump calls it, and a drive that slips although its pump never does', async () => {
  await system.act(closing, 'occlude')
  await system.act(slipping, 'slip', { amount: 0 })
  await eventually(async () => (await codesOf(slipping)).includes('under-infusion'), { within: 150_000, every: 500 })
  await eventually(async () => (await codesOf(closing)).length > 0, { within: 240_000, every: 500 })
  expect(await codesOf(closing)).toEqual(['under-infusion'])
  const early = (await alarmsOf(closing)).find(({ code }) => code === 'under-infusion')
  expect(early).toMatchObject({ channelId: '1', condition: 'active', simulated: true })
  expect(early?.vendorText).toContain('line pressure rises evenly')
  // There is one alarm once the pump calls: its own.
  await eventually(async () => (await codesOf(closing)).includes('occlusion-downstream'), {
    within: 420_000,
    every: 500,
  })
  await eventuallyPasses(
    async () =>
      expect((await alarmsOf(closing)).find(({ code }) => code === 'under-infusion')?.condition).not.toBe('active'),
    { within: 20_000, every: 200 },
  )
  const own = (await alarmsOf(closing)).find(({ code }) => code === 'occlusion-downstream')
  expect((own?.startedAt ?? 0) - (early?.startedAt ?? 0)).toBeGreaterThan(30_000)
  expect(await codesOf(healthy)).toEqual([])
}, 900_000)
