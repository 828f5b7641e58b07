import { describe, expect, it } from 'vitest'
import type { Act } from '#simulators/core/acts.ts'
import { Deeds } from '#simulators/core/deeds.ts'
import { readFault, type FaultSwitch } from '#simulators/core/faults/catalog.ts'
import { Ip1Twin } from '#simulators/core/ip1/twin.ts'
import { MqttTwin } from '#simulators/core/mqtt-json/twin.ts'
import type { TruthEntry } from '#simulators/core/ports.ts'
import { PumpRunner } from '#simulators/core/pump-runner.ts'
import { pumpProfiles } from '#simulators/core/pump-settings.ts'
import { scenarioOf, type Scenario } from '#simulators/core/scenario.ts'
import { SimulatedPump } from '#simulators/core/simulated-pump.ts'
import { parseScenario } from '#simulators/scenario-file.ts'
import { writeScenario } from '#simulators/scenario-export.ts'
import { storyNamed } from '#simulators/scenario-library.ts'
import { ManualClock } from '#test/support/manual-clock.ts'
import { MemoryPublisher, MemoryWire } from '#test/support/memory-wire.ts'

const seed = 7
const settings = { ...pumpProfiles['generic-ambulatory'], rateMlPerHour: 125 }
const identity = { serial: 'P-1', maker: 'M', model: 'T', firmware: '1', intervalMs: 1_000, capabilities: ['AL'] }

const start = (protocol: 'ip1' | 'mqtt-json', scenario: Scenario) => {
  const clock = new ManualClock()
  const wire = new MemoryWire()
  const publisher = new MemoryPublisher()
  const truth: TruthEntry[] = []
  const deeds = new Deeds()
  const twin =
    protocol === 'ip1'
      ? new Ip1Twin({ identity, seed })
      : new MqttTwin({ pumpId: 'P-1', serial: 'P-1', intervalMs: 1_000 })
  const pump = new SimulatedPump({ id: 'P-1', seed, settings, scenario, twin, deeds })
  const runner = new PumpRunner({
    pump,
    link: protocol === 'ip1' ? { kind: 'wire', wire } : { kind: 'broker', publisher },
    clock,
    scheduler: clock,
    truth: { write: (entry) => truth.push(entry) },
    story: 'story',
    speed: 1,
    cableFailed: () => {},
  })
  runner.start()
  const exported = (): string =>
    writeScenario({
      pumpId: 'P-1',
      protocol,
      seed: 1,
      scenario: scenario.name,
      profile: 'generic-ambulatory',
      settings,
      deeds,
      virtualMs: pump.nowMs,
    })
  return { clock, wire, publisher, truth, runner, exported }
}

type Started = ReturnType<typeof start>

/** What was told and when in the pump's time, without this machine's clocks and acknowledgements. */
const facts = ({ truth }: Started): readonly object[] =>
  truth
    .filter(({ kind }) => kind !== 'acknowledged' && kind !== 'not-delivered')
    .map((entry) => ({ ...entry, wallAt: 0, monotonicMs: 0 }))

const act = (runner: PumpRunner, name: Act['act'], more: Partial<Act> = {}) => runner.act({ act: name, ...more })
const fault = (runner: PumpRunner, name: string, more: object = {}) =>
  runner.fault(readFault({ fault: name, ...more }) as FaultSwitch)

const story = (text: string) => scenarioOf(parseScenario(text, 'exported.yaml'))

const byHand = async ({ clock, runner }: Started): Promise<void> => {
  clock.advance(7_013)
  await act(runner, 'occlude')
  clock.advance(31_377)
  await act(runner, 'release')
  await runner.press('start')
  await fault(runner, 'flip', { amount: 0.002 })
  runner.setSpeed(8)
  clock.advance(1_111)
  await fault(runner, 'flip', { amount: 0.01, way: 'from-pump' })
  await fault(runner, 'reorder', { amount: 0.4 })
  runner.setSpeed(1)
  clock.advance(4_000)
  await fault(runner, 'flip', { on: false })
  await act(runner, 'inject-air', { amount: 2 })
  await act(runner, 'unplug')
  clock.advance(3_000)
  await act(runner, 'replug')
  await fault(runner, 'reboot')
  clock.advance(5_000)
  await act(runner, 'raise', { code: 'temperature' })
  runner.pause()
  clock.advance(60_000)
  await runner.press('confirm')
  runner.goOn()
  await fault(runner, 'half-open')
  clock.advance(2_000)
  await fault(runner, 'half-open', { on: false, way: 'to-pump' })
  clock.advance(9_000)
  runner.pause()
}

describe('a scenario that was exported', () => {
  it.each([
    ['ip1', 'normal'],
    ['ip1', 'demo-opening'],
    ['mqtt-json', 'demo'],
  ] as const)(
    'told to the same %s pump of the same seed gives the same facts and bytes after %s',
    async (protocol, base) => {
      const first = start(protocol, storyNamed(base) as Scenario)
      await byHand(first)
      const again = start(protocol, story(first.exported()))
      // In other pieces of time: a scenario does not see them.
      while (again.runner.time.virtualMs < first.runner.time.virtualMs) {
        again.clock.advance(50)
        // A cable is moved behind the back of virtual time.
        await new Promise(setImmediate)
      }
      expect(again.runner.time.virtualMs).toBe(first.runner.time.virtualMs)
      expect(facts(first).filter(({ kind }: { kind?: string }) => kind === 'act').length).toBeGreaterThan(7)
      expect(facts(again)).toEqual(facts(first))
      expect(again.wire.written).toEqual(first.wire.written)
      expect(again.publisher.published).toEqual(first.publisher.published)
    },
  )

  it('says what chance did and what hands did, with the profile and what differs from it', async () => {
    const first = start('ip1', storyNamed('occlusion-downstream') as Scenario)
    first.clock.advance(600_000)
    await act(first.runner, 'inject-air', { amount: 2 })
    await fault(first.runner, 'half-open', { way: 'from-pump' })
    const text = first.exported()
    expect(text).toMatch(/^# yaml-language-server: \$schema=/)
    expect(text).toMatch(/do: occlude \} # occlusion-downstream\n/)
    expect(text).toMatch(/- \{ at: 10m50ms, do: inject-air 2 \}\n/)
    expect(text).toMatch(/- \{ kind: half-open, from: 10m100ms, way: from-pump \}\n/)
    expect(parseScenario(text, 'exported.yaml')).toMatchObject({
      profile: 'generic-ambulatory',
      settings: { rateMlPerHour: 125 },
      lastsMs: 600_100,
    })
  })

  it('of a pump that nobody touched is a story without events', () => {
    const { exported } = start('ip1', storyNamed('normal') as Scenario)
    expect(parseScenario(exported(), 'exported.yaml')).toMatchObject({ timeline: [], faults: [] })
  })
})

describe('what a hand does', () => {
  it('ends a fault in the way it is asked to, and leaves the other', async () => {
    const { runner, wire, clock } = start('ip1', storyNamed('normal') as Scenario)
    await fault(runner, 'half-open')
    expect(runner.report().faults).toEqual(['half-open'])
    await fault(runner, 'half-open', { on: false, way: 'from-pump' })
    expect(runner.report().faults).toEqual(['half-open'])
    const before = wire.written.length
    clock.advance(3_000)
    expect(wire.written.length).toBeGreaterThan(before)
    await fault(runner, 'half-open', { on: false })
    expect(runner.report().faults).toEqual([])
  })

  it('a fault of a moment does not go on', async () => {
    const { runner } = start('ip1', storyNamed('normal') as Scenario)
    await fault(runner, 'reboot')
    expect(runner.report().faults).toEqual([])
  })

  it('presses only keys that the pump has', async () => {
    const { runner } = start('ip1', storyNamed('normal') as Scenario)
    expect(await runner.press('bolus')).toMatch(/no such key; it has: start, stop, silence/)
    expect(await runner.press('stop')).toEqual([{ act: 'pause' }])
    expect(runner.report().operatingState).toBe('paused')
    expect(await runner.press('start')).toEqual([{ act: 'resume' }])
    expect(await runner.press('confirm')).toEqual([])
    expect(await runner.press('power')).toEqual([{ act: 'power-off' }])
    expect(await runner.press('power')).toEqual([{ act: 'power-on' }])
  })
})
