import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { BootId } from '#domain/ids.ts'
import { findProfile } from '#domain/pump-protocols/profiles.ts'
import type { AlarmCode } from '#domain/alarm/codes.ts'
import type { PumpEvent, SessionStep } from '#domain/pump-protocols/profile.ts'
import type { TelemetrySample } from '#domain/telemetry.ts'
import { openSqliteOutbox } from '#gateway/adapters/sqlite-outbox/sqlite-outbox.ts'
import { PtyPort } from '#simulators/adapters/pty.ts'
import { systemClock, systemScheduler } from '#simulators/adapters/system-time.ts'
import { AlarisTwin } from '#simulators/core/alaris-acp/twin.ts'
import { Ip1Twin } from '#simulators/core/ip1/twin.ts'
import { NewEraTwin } from '#simulators/core/new-era-ne1000/twin.ts'
import { NeurowaveTwin } from '#simulators/core/neurowave-ap4000/twin.ts'
import type { ProtocolTwin } from '#simulators/core/protocol-twin.ts'
import { PumpRunner } from '#simulators/core/pump-runner.ts'
import { pumpProfiles } from '#simulators/core/pump-settings.ts'
import type { PumpProfileName } from '#simulators/core/pump-settings.ts'
import { seededRandom } from '#simulators/core/random.ts'
import type { Random } from '#simulators/core/random.ts'
import { SimulatedPump } from '#simulators/core/simulated-pump.ts'
import type { Output, SampleFact } from '#simulators/core/statement.ts'
import { storyNamed } from '#simulators/scenario-library.ts'
import { eventually } from '#test/support/eventually.ts'
import { flipBits, NoisyWire } from '#test/support/noisy-line.ts'
import { startGatewayProcess } from './gateway-process.ts'

// One bit in a thousand is wrong on the cable, both ways, for ten minutes of line time: about half of all frames are hit. What the
// gateway takes for a value must be one that the pump said; when the noise ends the link is good again by itself.

const seed = Number(process.env['NOISE_SEED'] ?? 20_260_111)
const bitErrors = 1e-3
const tenMinutesMs = 600_000
const lines = Number(process.env['NOISE_LINES'] ?? 5)

interface ProtocolUnderNoise {
  readonly id: string
  readonly settings: PumpProfileName
  readonly twin: () => ProtocolTwin
  /** Settings of the gateway's port. */
  readonly port?: Readonly<Record<string, unknown>>
}

const protocols = {
  ip1: {
    id: 'SIM-NOISE-1',
    settings: 'generic-ambulatory',
    twin: (): ProtocolTwin =>
      new Ip1Twin({
        identity: {
          serial: 'SIM-NOISE-1',
          maker: 'Sim',
          model: 'AP100',
          firmware: '1',
          intervalMs: 1_000,
          capabilities: ['AL', 'AK', 'LG', 'DEMO'],
        },
        seed,
      }),
  },
  'alaris-acp': {
    id: '8002-00042',
    settings: 'generic-syringe',
    twin: (): ProtocolTwin => new AlarisTwin('8002-00042'),
  },
  'neurowave-ap4000': {
    id: '032-19-50-042',
    settings: 'generic-two-channel',
    twin: (): ProtocolTwin => new NeurowaveTwin('032-19-50-042'),
  },
  'new-era-ne1000': {
    id: 'NE-1000-at-bed-1',
    settings: 'generic-syringe',
    // Polled at its own risk: a pump that hears no poll for 20 s stops and says so.
    port: { poll: 'dis-rat', acceptPollEffects: true, safTimeoutS: 20 },
    twin: (): ProtocolTwin => new NewEraTwin({ mode: 'safe', safTimeoutS: 20 }),
  },
} as const satisfies Readonly<Record<string, ProtocolUnderNoise>>
type Protocol = keyof typeof protocols

const names = Object.keys(protocols) as readonly Protocol[]

const pumpOf = (protocol: Protocol, scenario: string): SimulatedPump => {
  const { id, settings, twin } = protocols[protocol]
  const story = storyNamed(scenario)
  if (story === null) throw new TypeError(`no scenario ${scenario}`)
  return new SimulatedPump({ id, seed, settings: pumpProfiles[settings], scenario: story, twin: twin() })
}

/** Fields that a sample of the hub and what the pump said have in common; a field that was not told says nothing. */
const compared = [
  'operatingState',
  'rateMlPerHour',
  'infusedTotalMl',
  'programRemainingMl',
  'linePressureMmHg',
  'batteryPercent',
] as const

const told = (facts: readonly SampleFact[]) =>
  new Map(compared.map((field) => [field, new Set<unknown>(facts.map((fact) => fact[field]))]))

/** Values that the pump never said. A field that this protocol never tells is the profile's own. */
const wrongValues = (samples: readonly TelemetrySample[], facts: readonly SampleFact[]): readonly string[] => {
  const known = told(facts)
  return samples.flatMap((sample) =>
    compared.flatMap((field) => {
      const values = known.get(field)
      const silent = values === undefined || [...values].every((value) => value === null)
      return silent || sample[field] === null || values.has(sample[field]) ? [] : [`${field} ${String(sample[field])}`]
    }),
  )
}

/** Ten minutes of a pump on a noisy line and a minute on a quiet one, in virtual time. */
const play = (protocol: Protocol, random: Random) => {
  const { port = {} }: ProtocolUnderNoise = protocols[protocol]
  const configured = findProfile(protocol)?.configured(port)
  if (configured?.ok !== true) throw new TypeError(`no ${protocol}`)
  const { profile } = configured
  const session = profile.newSession('bed-1')
  const [clean, noisy] = [profile.newCapture(), profile.newCapture()]
  const pump = pumpOf(protocol, 'normal')
  const facts: SampleFact[] = []
  const toldAlarms = new Set<AlarmCode>()
  const sent = new Set<string>()
  const events: PumpEvent[] = []
  let passed = 0
  let damaged = 0
  let lineBytes = 0
  let now = 0
  const rate = (): number => (now < tenMinutesMs ? bitErrors : 0)
  const heard = (outputs: readonly Output[]): void => {
    for (const output of outputs) {
      const { fact } = output
      if (fact?.kind === 'sample') facts.push(fact)
      for (const code of fact?.kind === 'sample' ? (fact.activeAlarms ?? []) : []) toldAlarms.add(code)
      if (fact?.kind === 'alarm') toldAlarms.add(fact.code)
      if (output.kind !== 'bytes') continue
      lineBytes += output.bytes.length
      const arrived = flipBits(output.bytes, rate(), random)
      for (const { hex } of clean.push(output.bytes)) sent.add(hex)
      if (!Buffer.from(arrived).equals(output.bytes)) damaged += 1
      for (const line of noisy.push(arrived)) {
        const checkFits = line.ok || line.fault === 'bad' || line.fault === 'unsup'
        if (checkFits && !sent.has(line.hex)) passed += 1
      }
      did(session.received(arrived, now))
    }
  }
  const did = (steps: readonly SessionStep[]): void => {
    for (const step of steps) {
      if (step.kind === 'event') events.push(step.event)
      else if (step.kind === 'send') heard(pump.received(flipBits(step.bytes, rate(), random)))
    }
  }
  did(session.opened(0))
  let backAfterMs: number | null = null
  for (; now <= tenMinutesMs + 60_000; now += 100) {
    heard(pump.advance(now))
    did(session.tick(now))
    if (now >= tenMinutesMs && session.link === 'up') backAfterMs ??= now - tenMinutesMs
  }
  const samples = events.flatMap((event) => (event.kind === 'sample' ? [event.sample] : []))
  const alarms = events.flatMap((event) => {
    if (event.kind === 'alarms') return event.active.map(({ code }) => code)
    return event.kind === 'alarm-edge' ? [event.alarm.code] : []
  })
  const invented = alarms.filter((code) => !toldAlarms.has(code))
  const serials = events.flatMap((event) => (event.kind === 'identified' ? [event.identity.serial] : []))
  return { session, samples, facts, invented, serials, passed, damaged, frames: sent.size, lineBytes, backAfterMs }
}

describe(`line noise of one bit in a thousand, seed ${seed}`, () => {
  it.each(names)('on %s for ten minutes of line time brings no value that the pump did not say', (protocol) => {
    const random = seededRandom(seed)
    const totals = {
      samples: 0,
      wrong: [] as string[],
      invented: [] as string[],
      strangers: [] as string[],
      passed: 0,
      damaged: 0,
      bytes: 0,
    }
    const back: number[] = []
    for (let line = 0; line < lines; line += 1) {
      const { session, samples, facts, invented, serials, ...seen } = play(protocol, random.fork(`line ${line}`))
      totals.samples += samples.length
      totals.wrong.push(...wrongValues(samples, facts))
      totals.invented.push(...invented)
      totals.strangers.push(...serials.filter((serial) => serial !== protocols[protocol].id))
      totals.passed += seen.passed
      totals.damaged += seen.damaged
      totals.bytes += seen.lineBytes
      expect(session.link, 'the link after the noise').toBe('up')
      back.push(seen.backAfterMs ?? Infinity)
    }
    console.log(
      `${protocol}: ${lines} × 10 min of noise, ${totals.bytes} bytes, ${totals.damaged} damaged frames, ${totals.passed} of them passed the check, ` +
        `${totals.samples} samples taken, ${totals.wrong.length} wrong values, ${totals.invented.length} invented alarms, ` +
        `${totals.strangers.length} wrong serial numbers; link good at most ${Math.max(...back)} ms after the noise`,
    )
    expect(totals.wrong).toEqual([])
    expect(totals.invented).toEqual([])
    expect(totals.strangers).toEqual([])
    expect(totals.damaged).toBeGreaterThan(lines * 50)
    expect(Math.max(...back)).toBeLessThanOrEqual(5_000)
  })
})

describe('a wrong value', () => {
  it('would be seen, however small', () => {
    const { samples, facts } = play('ip1', seededRandom(seed))
    const [first, ...others] = samples
    if (first === undefined) throw new Error('no sample')
    expect(
      wrongValues([{ ...first, infusedTotalMl: (first.infusedTotalMl ?? 0) + 0.0005 }, ...others], facts),
    ).toHaveLength(1)
  })
})

describe.skipIf(!existsSync('/dev/ptmx'))('line noise on pseudo-terminals (needs /dev/ptmx)', () => {
  it('leaves the running gateway with values that the pumps said, and with good links once it ends', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'noise-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const random = seededRandom(seed)
    // Twenty times as fast as a pump on a real cable: ten minutes of its bytes in half a minute.
    const speed = { ip1: 20, 'alaris-acp': 1 } as const
    const facts = new Map<string, SampleFact[]>()
    const wires: NoisyWire[] = []
    const ports: Record<string, unknown>[] = []
    const virtual = { ms: 0 }
    for (const protocol of ['ip1', 'alaris-acp'] as const) {
      const wire = new NoisyWire(await PtyPort.open(join(folder, protocol)), bitErrors, random.fork(protocol))
      const { id } = protocols[protocol]
      facts.set(id, [])
      const runner = new PumpRunner({
        pump: pumpOf(protocol, 'normal'),
        link: { kind: 'wire', wire },
        clock: systemClock,
        scheduler: systemScheduler,
        truth: {
          write: (entry) => {
            if (entry.kind === 'sample') facts.get(id)?.push(entry as unknown as SampleFact)
            if (protocol === 'ip1') virtual.ms = Math.max(virtual.ms, Number(entry['virtualMs'] ?? 0))
          },
        },
        story: 'normal',
        speed: speed[protocol],
        cableFailed: () => {},
      })
      onTestFinished(() => runner[Symbol.asyncDispose]())
      wires.push(wire)
      ports.push({ name: `port-${protocol}`, url: `serial:${wire.address}`, protocol })
      runner.start()
    }
    const gateway = await startGatewayProcess(folder, { server: { url: 'http://127.0.0.1:1' }, ports })
    await eventually(() => virtual.ms >= tenMinutesMs, { within: 90_000, every: 100, what: 'ten minutes of line time' })
    for (const wire of wires) wire.quiet()
    const quietAt = performance.now()
    await eventually(
      async () => {
        const { pumps } = await gateway.status()
        return pumps.length === wires.length && pumps.every(({ link }) => link === 'up')
      },
      { within: 15_000, every: 100, what: 'both links to be good' },
    )
    const backMs = performance.now() - quietAt
    const { ports: reports } = await gateway.status()
    expect(await gateway.kill('SIGTERM')).toBe(0)
    await using outbox = await openSqliteOutbox({
      folder: join(folder, 'data', 'outbox'),
      bootId: BootId.parse('boot-after'),
      quarantined: () => {},
      salvaged: () => {},
      died: () => {},
    })
    const stored = await outbox.peek('telemetry', 1_000_000)
    const samples = stored.flatMap((record) => (record.kind === 'telemetry' ? [record] : []))
    for (const [id, said] of facts) {
      const own = samples.flatMap(({ pumpId, body }) => (pumpId === id ? [body] : []))
      expect(wrongValues(own, said)).toEqual([])
      expect(own.length).toBeGreaterThan(3)
    }
    expect(new Set(samples.map(({ pumpId }) => pumpId))).toEqual(new Set(facts.keys()))
    console.log(
      `noise on two pseudo-terminals: ${wires.map(({ sentBytes }) => sentBytes).join(' and ')} bytes, ${samples.length} samples stored, 0 wrong; ` +
        `counters ${reports.map(({ counters }) => JSON.stringify(counters)).join(' ')}; both links good ${Math.round(backMs)} ms after the noise`,
    )
  })
})
