import { createHash } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { findProfile } from '#domain/pump-protocols/profiles.ts'
import { systemClock } from './adapters/system-time.ts'
import { protocols, readConfig, settingsOf, type PumpConfig } from './config.ts'
import { SimulatorError } from './core/errors.ts'
import { Replay } from './core/replay.ts'
import { SessionHost } from './core/session-host.ts'
import type { Scenario } from './core/scenario.ts'
import { SimulatedPump } from './core/simulated-pump.ts'
import { scenarioNamed, storyNamed } from './scenario-library.ts'
import { mqttTwinOf, portOf, seedOf, wireTwins } from './twins.ts'

export const replayHelp = `simulators replay SCENARIO [--protocol NAME] [--seed N] [--seconds N] [--speed X] [--set NAME=VALUE]... [--json]

Tells one pump a story from beginning to end, with its faults and a hub's own session that asks, in the pump's time and without any port,
and prints a SHA-256 of what came out at the pump's end, of what was said to it, and of the truth. The same options give the same, at any
speed and on any machine.

  SCENARIO    a name of the library or the path of a file
  --protocol  ${protocols.join(', ')} (ip1)
  --seed      1
  --seconds   of the pump's time; usually as long as the scenario lasts
  --speed     pump's seconds per second, 0.1 to 1000; usually as fast as it goes
  --set       what --pump takes beside id and wire: --set rateMlPerHour=125 --set profile=generic-PCA
  --json      one line of JSON
`

const options = {
  protocol: { type: 'string', default: 'ip1' },
  seed: { type: 'string', default: '1' },
  seconds: { type: 'string' },
  speed: { type: 'string' },
  set: { type: 'string', multiple: true },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

/** Of the shape that each protocol asks for. */
const ids: Readonly<Record<PumpConfig['protocol'], string>> = {
  ip1: 'P-0001',
  'alaris-acp': '8002-51740',
  'neurowave-ap4000': '032-19-50-014',
  'zyno-miva': 'SN800009',
  'terumo-xml-tcp': '000100700000009901000001',
  'new-era-ne1000': 'LAB-1',
  'mqtt-json': 'P-0001',
}

const isProtocol = (name: string): name is PumpConfig['protocol'] => protocols.some((known) => known === name)

const wrong = (message: string): SimulatorError => new SimulatorError('SIM_CONFIG_INVALID', message)

const between = (name: string, text: string, low: number, high: number): number => {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (value >= low && value <= high) return value
  throw wrong(`--${name} must be a number from ${low} to ${high}.`)
}

/** A pump of this protocol, with settings as in `--pump`. Throws `SIM_CONFIG_INVALID`. */
export const replayedPump = (protocol: string, given: readonly string[]): PumpConfig => {
  if (!isProtocol(protocol)) throw wrong(`--protocol must be one of ${protocols.join(', ')}.`)
  const wire = protocol === 'mqtt-json' ? 'mqtt=mqtt://127.0.0.1' : 'tcp=127.0.0.1:0'
  const text = [`id=${ids[protocol]}`, `protocol=${protocol}`, wire, ...given].join(',')
  const [pump] = readConfig({ file: null, pumps: [text], truth: null, control: null, speed: null }).pumps
  if (pump === undefined) throw wrong('There is no pump.')
  return pump
}

const hostOf = (pump: PumpConfig): SessionHost | null => {
  const profile = findProfile(pump.protocol)?.configured(portOf(pump))
  if (profile === undefined) return null
  if (!profile.ok) throw wrong(`No hub reads this pump: ${JSON.stringify(portOf(pump))} cannot be set.`)
  return new SessionHost(() => profile.profile.newSession('replay'))
}

interface Total {
  readonly count: number
  readonly sha256: string
}

class Sum {
  readonly #hash = createHash('sha256')
  #count = 0

  add(data: Uint8Array | string, count: number): void {
    this.#hash.update(data)
    this.#count += count
  }

  result(): Total {
    return { count: this.#count, sha256: this.#hash.copy().digest('hex') }
  }
}

const storyOf = ({ scenario }: PumpConfig): Scenario => {
  const story = storyNamed(scenario)
  if (story === null) throw wrong(`There is no scenario ${scenario}.`)
  return story
}

export interface Played {
  /** Bytes; of messages: their payloads. */
  readonly fromPump: Total
  readonly toPump: Total
  /** Lines of the truth log, without the clocks of the run. */
  readonly truth: Total
}

/** Tells a pump its scenario. `move`: how its time goes by. */
export const play = async (pump: PumpConfig, move: (replay: Replay) => Promise<void>): Promise<Played> => {
  const [fromPump, toPump, truth] = [new Sum(), new Sum(), new Sum()]
  const twin = pump.protocol === 'mqtt-json' ? mqttTwinOf(pump) : wireTwins[pump.protocol](pump)
  const { id, scenario } = pump
  await move(
    new Replay({
      pump: new SimulatedPump({ id, seed: seedOf(pump), settings: settingsOf(pump), scenario: storyOf(pump), twin }),
      host: hostOf(pump),
      story: scenario,
      heard: (way, bytes) => (way === 'from-pump' ? fromPump : toPump).add(bytes, bytes.length),
      published: ({ topic, payload }) => fromPump.add(`${topic}\n${payload}\n`, payload.length),
      told: (entry) => truth.add(`${JSON.stringify(entry)}\n`, 1),
    }),
  )
  return { fromPump: fromPump.result(), toPump: toPump.result(), truth: truth.result() }
}

const inTime =
  (lastsMs: number, speed: number | null) =>
  async (replay: Replay): Promise<void> => {
    if (speed === null) return replay.advance(lastsMs)
    const startedMs = systemClock.monotonic()
    while (replay.nowMs < lastsMs) {
      await pause(50)
      await replay.advance(Math.min(lastsMs, (systemClock.monotonic() - startedMs) * speed))
    }
  }

/** The `replay` command. Resolves with the exit code. */
export const replay = async (args: readonly string[]): Promise<number> => {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
  const [name, ...more] = positionals
  if (values.help || name === undefined || more.length > 0) {
    process.stdout.write(replayHelp)
    return values.help ? 0 : 2
  }
  const scenario = scenarioNamed(name)
  if (scenario === null) throw wrong(`There is no scenario ${name}.`)
  const seed = between('seed', values.seed, 0, 0xffff_ffff)
  const pump = replayedPump(values.protocol, [`scenario=${name}`, `seed=${seed}`, ...(values.set ?? [])])
  const seconds =
    values.seconds === undefined ? scenario.lastsMs / 1000 : between('seconds', values.seconds, 1, 604_800)
  const speed = values.speed === undefined ? null : between('speed', values.speed, 0.1, 1000)
  const sums = await play(pump, inTime(Math.round(seconds * 20) * 50, speed))
  const { fromPump, toPump, truth } = sums
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ scenario: scenario.name, protocol: pump.protocol, seed, seconds, ...sums })}\n`
      : `${scenario.name} on ${pump.protocol}, seed ${seed}: ${seconds} s of the pump's time\n` +
          `from the pump  ${String(fromPump.count).padStart(9)} bytes  sha256 ${fromPump.sha256}\n` +
          `to the pump    ${String(toPump.count).padStart(9)} bytes  sha256 ${toPump.sha256}\n` +
          `truth          ${String(truth.count).padStart(9)} lines  sha256 ${truth.sha256}\n`,
  )
  return 0
}
