import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { NurseClient } from '#simulators/adapters/nurse-client.ts'
import { usualTolerance } from '#simulators/core/oracle/finding.ts'
import { TruthReader } from '#simulators/adapters/truth-reader.ts'
import { Verification } from '#simulators/verification.ts'
import { eventually, eventuallyPasses } from '#test/support/eventually.ts'
import { System } from '#test/support/system.ts'

// From simulated pumps behind bad lines to what the server stored, by the oracle that knows which bytes came out of the wire.

const damagedLines = async (system: System, pumpId: string): Promise<number> =>
  (await new TruthReader(system.truthFile).lines()).filter((line) => line.pumpId === pumpId && line.damaged === true)
    .length

describe.skipIf(!existsSync('/dev/ptmx'))('lines with one flipped bit in a thousand (needs /dev/ptmx)', () => {
  it('bring no value that a pump did not say, lose none that came out whole, and an alarm comes through', async () => {
    await using system = await System.start({
      pumps: [
        { id: 'SIM-0001', protocol: 'ip1', wire: 'serial', settings: 'rateMlPerHour=120' },
        { id: '8002-00003', protocol: 'alaris-acp', wire: 'serial', settings: 'rateMlPerHour=120' },
        { id: 'SIM-0005', protocol: 'mqtt-json', wire: 'mqtt', settings: 'rateMlPerHour=120' },
      ],
    })
    const { name, password } = system.password('nurse')
    const client = await NurseClient.signIn(system.url, name, password)
    const lines = ['SIM-0001', '8002-00003']
    for (const id of lines) await system.fault(id, 'flip', { amount: 0.001 })
    await system.fault('SIM-0005', 'duplicate-publish', { amount: 0.5 })
    await system.act('SIM-0001', 'cassette-off')
    for (const id of lines)
      await eventually(async () => (await damagedLines(system, id)) >= 12, { within: 60_000, every: 500, what: id })
    for (const id of lines) await system.fault(id, 'flip', { on: false })
    await system.fault('SIM-0005', 'duplicate-publish', { on: false })
    const log = new TruthReader(system.truthFile)
    const tolerance = usualTolerance
    const verification = new Verification({ truth: () => log.lines(), nurse: client, settledAt: Date.now(), tolerance })
    await eventuallyPasses(
      async () => {
        const verdict = await verification.look()
        expect(verdict.findings).toEqual([])
        expect(verdict.samples).toBeGreaterThan(10)
        expect(verdict.alarms).toBe(1)
      },
      { within: 20_000, every: 1_000 },
    )
    const alarms = await client.alarms(0)
    expect(alarms.map(({ code }) => code)).toContain('cassette-detached')
  })
})
