import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { Ip1Twin } from '#simulators/core/ip1/twin.ts'
import { frame } from '#simulators/core/ip1/frames.ts'
import { readTold } from '#simulators/core/oracle/told.ts'
import type { Publisher, TruthEntry } from '#simulators/core/ports.ts'
import { MqttTwin } from '#simulators/core/mqtt-json/twin.ts'
import { PumpRunner } from '#simulators/core/pump-runner.ts'
import { pumpProfiles } from '#simulators/core/pump-settings.ts'
import { scenarioOf } from '#simulators/core/scenario.ts'
import { SimulatedPump } from '#simulators/core/simulated-pump.ts'
import { parseScenario } from '#simulators/scenario-file.ts'
import { ManualClock } from '#test/support/manual-clock.ts'
import { MemoryWire } from '#test/support/memory-wire.ts'

const story = (faults: string) =>
  scenarioOf(
    parseScenario(
      `
name: story
what: A line that is blocked, with faults of the test.
timeline:
  - { at: 5s, do: occlude }
  - { at: 40s, do: release }
faults: [${faults}]
`,
      'story.yaml',
    ),
  )

const settings = { ...pumpProfiles['generic-ambulatory'], rateMlPerHour: 125 }

const onWire = (faults: string, speed: number) => {
  const clock = new ManualClock()
  const wire = new MemoryWire()
  const truth: TruthEntry[] = []
  const around: string[] = []
  const identity = { serial: 'P-1', maker: 'M', model: 'T', firmware: '1', intervalMs: 1_000, capabilities: ['AL'] }
  const twin = new Ip1Twin({ identity, seed: 7 })
  const runner = new PumpRunner({
    pump: new SimulatedPump({ id: 'P-1', seed: 7, settings, scenario: story(faults), twin }),
    link: { kind: 'wire', wire },
    clock,
    scheduler: clock,
    truth: { write: (entry) => truth.push(entry) },
    story: 'story',
    speed,
    cableFailed: () => {},
    around: (fault, { on }) => {
      around.push(`${fault} ${on}`)
      return fault === 'kill-server' ? 'there is none' : null
    },
  })
  return { clock, wire, truth, runner, around }
}

const startOnWire = (faults: string, speed: number) => {
  const run = onWire(faults, speed)
  run.runner.start()
  return run
}

const checksum = (bytes: readonly number[]): string => createHash('sha256').update(Uint8Array.from(bytes)).digest('hex')
const minute = 60_000
const noisy = `{ kind: flip }, { kind: drop, from: 10s, until: 20s }, { kind: split }, { kind: slow, from: 20s, until: 30s, amount: 500 },
  { kind: garbage, from: 30s }, { kind: reboot, from: 50s }`

describe('a pump that runs', () => {
  it.each([
    ['a good line', ''],
    ['a bad one', noisy],
  ])('puts the same bytes on %s at any speed, paused in between and in single steps', (_, faults) => {
    const atSpeed = (speed: number) => {
      const run = startOnWire(faults, speed)
      run.clock.advance(minute / speed)
      run.runner.pause()
      return run
    }
    const runs = [0.1, 1, 10, 1_000].map(atSpeed)
    const paused = startOnWire(faults, 1)
    for (let second = 0; second < 60; second += 5) {
      paused.clock.advance(5_000)
      paused.runner.pause()
      paused.clock.advance(777)
      paused.runner.setSpeed(1)
    }
    const stepped = startOnWire(faults, 1)
    for (let virtualMs = 0; virtualMs < minute; virtualMs += 50) stepped.runner.step(50)
    const sums = [...runs, paused, stepped].map(({ wire }) => checksum(wire.written))
    expect(stepped.wire.written.length).toBeGreaterThan(3_000)
    expect(sums).toEqual(sums.map(() => checksum(stepped.wire.written)))
    expect(checksum(startOnWire(faults, 1).wire.written)).not.toBe(sums[0])
  })

  it('answers nobody before it lives: whoever heard it would wait for more', () => {
    const { clock, wire, runner, truth } = onWire('', 1)
    const ask = (): void => wire.say(frame('IP1,CM,0000,0000,HI?'))
    clock.advance(20_000)
    ask()
    expect(wire.written).toEqual([])
    expect(truth).toEqual([])
    runner.start()
    ask()
    expect(wire.written).not.toEqual([])
  })

  it('stands still while it is paused, goes on with the next speed, and answers meanwhile', () => {
    const { clock, runner } = startOnWire('', 1)
    clock.advance(10_000)
    runner.pause()
    clock.advance(minute)
    expect(runner.report().uptimeMs).toBe(10_000)
    runner.step(50)
    expect(runner.report().uptimeMs).toBe(10_050)
    runner.setSpeed(60)
    clock.advance(1_000)
    expect(runner.report().uptimeMs).toBe(10_050 + minute)
  })

  it('tells what was sent and what came out of the wire, and owes only what came out whole', () => {
    const { clock, wire, truth } = startOnWire('{ kind: flip, from: 10s, until: 40s, amount: 0.005 }', 1)
    wire.say(new Uint8Array([0x0a]))
    clock.advance(minute)
    const samples = truth.filter(({ kind }) => kind === 'sample')
    const damaged = samples.filter((entry) => entry['damaged'] === true)
    expect(damaged.length).toBeGreaterThan(10)
    expect(damaged[0]?.['sent']).toMatch(/^24495031/)
    expect(damaged[0]?.['onWire']).not.toBe(damaged[0]?.['sent'])
    const told = readTold(truth, Infinity)
    const owed = told.samples.filter(({ isOwed }) => isOwed)
    expect(owed.length).toBeLessThanOrEqual(samples.length - damaged.length)
    expect(owed.length).toBeGreaterThan(25)
    expect(told.silences).toHaveLength(1)
    expect(told.acts.map(({ act }) => act)).toEqual(['occlude', 'flip', 'flip over', 'release'])
  })

  it('owes nothing through a dead line, and what a stall held back when it comes', async () => {
    const { clock, wire, truth, runner } = startOnWire('', 1)
    wire.say(new Uint8Array([0x0a]))
    clock.advance(3_000)
    await runner.fault({ fault: 'half-open', on: true, amount: 0, way: 'both' })
    expect(runner.report().faults).toEqual(['half-open'])
    const before = wire.written.length
    wire.say(new Uint8Array([0x0a]))
    clock.advance(5_000)
    expect(wire.written).toHaveLength(before)
    await runner.fault({ fault: 'half-open', on: false, amount: 0, way: 'both' })
    await runner.fault({ fault: 'stall', on: true, amount: 0, way: 'from-pump' })
    clock.advance(5_000)
    expect(wire.written).toHaveLength(before)
    const toldBefore = truth.length
    await runner.fault({ fault: 'stall', on: false, amount: 0, way: 'from-pump' })
    expect(truth.length - toldBefore).toBeGreaterThanOrEqual(5)
    expect(readTold(truth, Infinity).samples.filter(({ isOwed }) => isOwed).length).toBeLessThanOrEqual(4)
  })

  it('hands faults of programs on, says what could not be done, and owes nothing until the hub has spoken again', async () => {
    const { clock, wire, truth, runner, around } = startOnWire('{ kind: stop-hub, from: 5s, until: 15s }', 1)
    wire.say(new Uint8Array([0x0a]))
    clock.advance(20_000)
    expect(around).toEqual(['stop-hub true', 'stop-hub false'])
    const owed = () => readTold(truth, Infinity).samples.filter(({ isOwed }) => isOwed).length
    expect(owed()).toBeLessThanOrEqual(6)
    wire.say(new Uint8Array([0x0a]))
    clock.advance(5_000)
    expect(owed()).toBeGreaterThanOrEqual(9)
    runner.surrounded({ fault: 'kill-hub', on: true, amount: 0, way: 'both' })
    clock.advance(5_000)
    expect(owed()).toBeLessThanOrEqual(11)
    await runner.fault({ fault: 'kill-server', on: true, amount: 0, way: 'both' })
    expect(truth.at(-1)).toMatchObject({ kind: 'not-done', fault: 'kill-server', why: 'there is none' })
  })

  it('pulls its cable again and again in a storm, and ends plugged in', async () => {
    const { clock, truth, runner } = startOnWire('{ kind: reconnect-storm, from: 5s, until: 20s, amount: 1000 }', 1)
    await clock.advanceAsync(30_000)
    const cables = truth.flatMap((entry) => (entry.kind === 'cable' ? [entry['plugged']] : []))
    expect(cables.length).toBeGreaterThan(15)
    expect(cables.at(-1)).toBe(true)
    expect(runner.report().plugged).toBe(true)
  })
})

const told = (faults: string) => {
  const { clock, wire, truth } = startOnWire(faults, 1)
  clock.advance(minute)
  const lines = String.fromCharCode(...wire.written).split('\r\n')
  return {
    truth,
    numbers: lines.flatMap((line) => (line.startsWith('$IP1') ? [Number.parseInt(line.slice(8, 12), 16)] : [])),
  }
}

const gaps = (numbers: readonly number[]) => numbers.filter((n, i) => i > 0 && n - (numbers[i - 1] ?? 0) === 2).length

describe('a pump with a bug in its firmware', () => {
  it('skips sequence numbers', () => {
    // A few lie between the repetitions of an alarm that nobody has acknowledged.
    expect(gaps(told('').numbers)).toBeLessThan(5)
    expect(gaps(told('{ kind: skipped-numbers }').numbers)).toBeGreaterThan(10)
  })

  it('goes on showing an alarm that is over, and tells a rate in the wrong unit', () => {
    const last = (faults: string) => told(faults).truth.findLast(({ kind }) => kind === 'sample')
    expect(last('')?.['activeAlarms']).toEqual([])
    expect(last('{ kind: stuck-alarm }')?.['activeAlarms']).toEqual(['occlusion-downstream'])
    const { alarms, silences } = readTold(told('{ kind: stuck-alarm }').truth, Infinity)
    expect(alarms.at(-1)).toMatchObject({ raised: false, hearableAt: Infinity })
    expect(silences).toEqual([])
    const samples = told('{ kind: wrong-unit }').truth.filter(({ kind }) => kind === 'sample')
    const rate = samples[1]?.['rateMlPerHour']
    expect(rate).toBeCloseTo(125 / 60, 2)
  })
})

describe('a pump on a broker', () => {
  it('publishes some messages twice and says so; the copy is not owed', () => {
    const clock = new ManualClock()
    const sent: string[] = []
    let retransmitted = 0
    const truth: TruthEntry[] = []
    const publisher: Publisher = {
      address: 'mqtt://memory',
      plugged: true,
      pending: 0,
      dropped: 0,
      publish: async ({ payload }) => sent.push(payload) > 0,
      retransmit: () => void (retransmitted += 1),
      unplug: async () => {},
      plug: async () => {},
      [Symbol.asyncDispose]: async () => {},
    }
    const twin = new MqttTwin({ pumpId: 'P-1', serial: 'P-1', intervalMs: 1_000 })
    const scenario = story('{ kind: duplicate-publish, amount: 0.5 }, { kind: retransmit, amount: 0.5 }')
    const runner = new PumpRunner({
      pump: new SimulatedPump({ id: 'P-1', seed: 7, settings, scenario, twin }),
      link: { kind: 'broker', publisher },
      clock,
      scheduler: clock,
      truth: { write: (entry) => truth.push(entry) },
      story: 'story',
      speed: 1,
      cableFailed: () => {},
    })
    runner.start()
    clock.advance(minute)
    const copies = truth.filter((entry) => entry['again'] === true)
    expect(copies.length).toBeGreaterThan(20)
    expect(copies.filter((entry) => entry['isSamePacket'] === true).length).toBeGreaterThan(5)
    expect(retransmitted).toBeGreaterThan(10)
    expect(sent.length).toBeGreaterThan(new Set(sent).size + 10)
    expect(readTold(truth, Infinity).samples).toHaveLength(truth.filter(({ kind }) => kind === 'sample').length)
  })
})

const acts = (truth: readonly TruthEntry[]) =>
  truth.flatMap((entry) => (entry.kind === 'act' ? [`${String(entry['act'])} ${String(entry['virtualMs'])}`] : []))

describe('another story', () => {
  it('begins when it is told, with the pump as it is, and ends the faults of the one before', async () => {
    const { clock, truth, runner } = startOnWire('{ kind: flip, from: 2s, until: 200s }', 1)
    await clock.advanceAsync(20_000)
    expect(runner.report().faults).toEqual(['flip'])
    const infused = runner.report().infusedTotalMl
    await runner.tell(story('{ kind: drop, from: 3s, until: 8s }'), 3)
    expect(runner.report().faults).toEqual([])
    await clock.advanceAsync(4_000)
    expect(runner.report().faults).toEqual(['drop'])
    await clock.advanceAsync(40_000)
    expect(runner.report().faults).toEqual([])
    expect(runner.report().infusedTotalMl).toBeGreaterThanOrEqual(infused)
    expect(truth.filter(({ kind }) => kind === 'story')).toHaveLength(2)
    const done = acts(truth)
    expect(done.map((text) => text.split(' ')[0])).toEqual(['occlude', 'occlude', 'release'])
    expect(Number(done[1]?.split(' ')[1])).toBeGreaterThan(24_000)
  })
})
