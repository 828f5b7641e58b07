import { afterEach, describe, expect, it } from 'vitest'
import { eventually, eventuallyPasses } from '#test/support/eventually.ts'
import { alarmProblems, sampleProblems } from '#test/support/oracle.ts'
import { System } from '#test/support/system.ts'
import { readTruth } from '#test/support/truth.ts'
import type { AlarmView } from '#domain/live/views.ts'
import type { Nurse } from '#test/support/nurse.ts'

// A process that stands still hears nobody. Whoever looks at it raises one alarm; it itself accuses nobody when it goes on.

const hubSilentMs = 14_000

const lostLinks = (alarms: readonly AlarmView[]): readonly string[] =>
  alarms.flatMap(({ code, pumpId }) => (code.startsWith('link-lost') ? [`${code} ${pumpId ?? ''}`.trim()] : []))

const everLost = async (nurse: Nurse): Promise<readonly string[]> =>
  lostLinks([...(await nurse.openAlarms()), ...(await nurse.closedAlarms())]).toSorted()

const condition = async (nurse: Nurse, pumpId: string | null, code: string): Promise<string | null> =>
  (await nurse.openAlarms()).find((alarm) => alarm.pumpId === pumpId && alarm.code === code)?.condition ?? null

let system: System

afterEach(() => system[Symbol.asyncDispose]())

const freshAlarm = async (nurse: Nurse, pumpId: string): Promise<void> => {
  await system.act(pumpId, 'cassette-off')
  await eventually(async () => (await condition(nurse, pumpId, 'cassette-detached')) === 'active', { within: 8_000 })
}

describe('a gateway that stands still', () => {
  it('is one lost hub with unverified alarms; when it goes on it calls no pump lost but the one that really is', async () => {
    system = await System.start({ env: { HUB_SILENT_MS: String(hubSilentMs) } })
    const nurse = await system.signIn('nurse')
    await freshAlarm(nurse, 'SIM-0001')
    await freshAlarm(nurse, 'SIM-0005')

    system.gateway.child.kill('SIGSTOP')
    await eventually(async () => (await condition(nurse, null, 'link-lost-hub')) === 'active', { within: 30_000 })
    const [lost, ...others] = (await nurse.openAlarms()).filter(({ code }) => code.startsWith('link-lost'))
    expect(others).toEqual([])
    expect(lost?.unverifiedPumps.toSorted()).toEqual(system.pumps.map(({ id }) => id).toSorted())
    expect(await condition(nurse, 'SIM-0001', 'cassette-detached')).toBe('unverified')
    expect(await condition(nurse, 'SIM-0005', 'cassette-detached')).toBe('unverified')
    // One changes unheard, one dies unheard.
    await system.act('SIM-0005', 'cassette-on')
    await system.act('SIM-0005', 'resume')
    await system.act('SIM-0002', 'power-off')
    system.gateway.child.kill('SIGCONT')

    await eventuallyPasses(
      async () => {
        expect(await condition(nurse, null, 'link-lost-hub')).not.toBe('active')
        expect(await condition(nurse, 'SIM-0001', 'cassette-detached')).toBe('active')
        expect(await condition(nurse, 'SIM-0005', 'cassette-detached')).not.toMatch(/active|unverified/)
      },
      { within: 20_000, every: 250 },
    )
    // The grace of ten seconds and the pump's own limit of five.
    await eventually(async () => (await condition(nurse, 'SIM-0002', 'link-lost-pump')) === 'active', {
      within: 20_000,
      every: 250,
    })
    await freshAlarm(nurse, 'SIM-0006')
    expect(await everLost(nurse)).toEqual(['link-lost-hub', 'link-lost-pump SIM-0002'])
  })
})

describe('a server that stands still', () => {
  it('accuses no hub and no pump when it goes on, and has every sample of the time once', async () => {
    system = await System.start({ env: { HUB_SILENT_MS: String(hubSilentMs) } })
    const nurse = await system.signIn('nurse')
    await freshAlarm(nurse, 'SIM-0001')
    const from = Date.now()
    system.server.child.kill('SIGSTOP')
    await system.act('SIM-0004', 'cassette-off')
    await eventually(
      async () => {
        const reply = await fetch(`${system.gatewayStatusUrl}/status`)
        const status: unknown = await reply.json()
        return JSON.stringify(status).includes('no reply within 10 s') && Date.now() - from > hubSilentMs + 6_000
      },
      { within: 40_000, every: 250, what: 'the gateway to name the server’s silence' },
    )
    system.server.child.kill('SIGCONT')
    await eventually(async () => (await condition(nurse, 'SIM-0004', 'cassette-detached')) === 'active', {
      within: 10_000,
    })
    await freshAlarm(nurse, 'SIM-0006')
    expect(await everLost(nurse)).toEqual([])
    await eventuallyPasses(
      async () => {
        const truth = readTruth(system.truthFile)
        expect(alarmProblems(truth, await nurse.openAlarms())).toEqual([])
        for (const pumpId of ['SIM-0005', 'SIM-0006']) {
          const history = await nurse.history(pumpId, from - 60_000, Date.now() + 5_000)
          expect(sampleProblems(truth, history, readTruth(system.truthFile))).toEqual([])
        }
      },
      { within: 20_000, every: 500 },
    )
  })
})
