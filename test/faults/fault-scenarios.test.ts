import { existsSync } from 'node:fs'
import { setPriority } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { derivedAlarmCodes } from '#domain/alarm/codes.ts'
import { hubPardons } from '#simulators/adapters/hub-status.ts'
import { NurseClient } from '#simulators/adapters/nurse-client.ts'
import { TruthReader } from '#simulators/adapters/truth-reader.ts'
import { describeFault } from '#simulators/core/faults/catalog.ts'
import { usualTolerance } from '#simulators/core/oracle/finding.ts'
import type { ScenarioSpec } from '#simulators/core/scenario-spec.ts'
import { scenarioNamed, scenarioNames } from '#simulators/scenario-library.ts'
import { Verification } from '#simulators/verification.ts'
import { eventually, eventuallyPasses } from '#test/support/eventually.ts'
import { System, type FleetMember } from '#test/support/system.ts'

// Stories that only a hub and a server can get right, told to pumps on real ports and judged by the oracle. A machine that has too
// little time for a hub makes it call silence later; the hub says so itself, and no more than that is pardoned.

// Stories last seconds, and their programs have little to do: whoever may give them the right of way does so. Inherited by children.
try {
  setPriority(-18)
} catch {
  // No right to: then it takes a machine that has time.
}

const isDerived = (code: string): boolean => derivedAlarmCodes.some((derived) => derived === code)

/** Longer stories are told in virtual time. */
const longestMs = 240_000

const ofPump: ReadonlySet<string> = new Set(['wire', 'broker', 'link', 'pump', 'moment', 'firmware'])

/** Faults of pumps and their lines, and alarms that no pump tells. Faults of programs and clocks have tests of their own. */
const stories: readonly ScenarioSpec[] = scenarioNames()
  .flatMap((name) => scenarioNamed(name) ?? [])
  .filter(({ faults }) => faults.every(({ change }) => ofPump.has(describeFault(change.fault).at)))
  .filter(({ lastsMs }) => lastsMs <= longestMs)
  .filter(({ faults, expect: wanted }) => faults.length > 0 || wanted.some(({ alarm }) => isDerived(alarm)))

const overMqtt = ({ faults }: ScenarioSpec): boolean =>
  faults.some(({ change }) => ['broker', 'link'].includes(describeFault(change.fault).at))

/** Pressure rises with the rate: a blocked line alarms in seconds. */
const fast = 'rateMlPerHour=120'

const pumps: readonly FleetMember[] = [
  ...stories.map((spec, index): FleetMember => {
    const id = `STORY-${String(index + 1).padStart(2, '0')}`
    return overMqtt(spec)
      ? { id, protocol: 'mqtt-json', wire: 'mqtt', scenario: spec.name }
      : { id, protocol: 'ip1', wire: 'serial', scenario: spec.name }
  }),
  // Two channels, and a line without acknowledgements.
  { id: '032-19-50-014', protocol: 'neurowave-ap4000', wire: 'serial', scenario: 'two-alarms-at-once' },
  { id: '8002-00003', protocol: 'alaris-acp', wire: 'serial', scenario: 'normal', settings: fast },
]

const stalls = async (system: System) => (await hubPardons(system.gatewayStatusUrl))[1]

const look = async (system: System, settledAt: number, isHubBelieved: boolean) => {
  const { name, password } = system.password('nurse')
  const nurse = await NurseClient.signIn(system.url, name, password)
  const log = new TruthReader(system.truthFile)
  const pardons = new Map(isHubBelieved ? [await hubPardons(system.gatewayStatusUrl)] : [])
  const truth = () => log.lines()
  return await new Verification({ truth, nurse, settledAt, tolerance: usualTolerance, pardons }).look()
}

describe.skipIf(!existsSync('/dev/ptmx'))('scenarios of faults (need /dev/ptmx)', () => {
  it('verify cleanly when a home lives all of them at once', { timeout: 420_000 }, async () => {
    await using system = await System.start({ pumps })
    await pause(Math.max(...stories.map(({ lastsMs }) => lastsMs)) + 5_000)
    const settledAt = Date.now()
    await eventuallyPasses(
      async () => {
        const verdict = await look(system, settledAt, true)
        expect(verdict.findings).toEqual([])
        // One of them is swapped for another for a minute.
        expect(verdict.pumps).toBe(pumps.length + 1)
        expect(verdict.alarms).toBeGreaterThanOrEqual(10)
      },
      { within: 40_000, every: 2_000 },
    )
  })

  it(
    'pardon a hub that stood still as much as it proves, and nothing without its word',
    { timeout: 240_000 },
    async () => {
      await using system = await System.start({ pumps: [{ id: 'SIM-0001', protocol: 'ip1', wire: 'serial' }] })
      // A start on a busy machine may be a stall, too, and only one in a minute is pardoned.
      await eventually(async () => ((await stalls(system)).at(-1)?.from ?? 0) < Date.now() - 61_000, { within: 90_000 })
      // It has to have spoken regularly for its silence to mean something.
      await pause(6_000)
      await system.fault('SIM-0001', 'half-open')
      await pause(500)
      system.gateway.child.kill('SIGSTOP')
      await pause(8_000)
      system.gateway.child.kill('SIGCONT')
      await pause(25_000)
      await system.fault('SIM-0001', 'half-open', { on: false })
      await pause(5_000)
      const settledAt = Date.now()
      await eventuallyPasses(async () => expect((await look(system, settledAt, true)).findings).toEqual([]), {
        within: 20_000,
        every: 1_000,
      })
      const [finding] = (await look(system, settledAt, false)).findings
      expect(finding).toMatchObject({ kind: 'late', what: expect.stringContaining('link-lost-pump') })
    },
  )
})
