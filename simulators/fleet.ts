import { readFile } from 'node:fs/promises'
import { setImmediate, setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { FleetLog } from './adapters/fleet-log.ts'
import { systemClock } from './adapters/system-time.ts'
import { SimulatorError } from './core/errors.ts'
import { Fleet, mostPumpsPerHub } from './core/fleet/fleet.ts'
import { mixes, mixNames, type MixName } from './core/fleet/mixes.ts'
import { Statistics } from './core/fleet/statistics.ts'
import { table } from './core/fleet/table.ts'
import { truthOf } from './core/fleet/truth.ts'
import { readClaims } from './core/hub/claims.ts'
import { FleetHubs } from './fleet-hubs.ts'
import type { Said } from './core/fleet/said.ts'

export const fleetHelp = `simulators fleet [--pumps N] [--hubs N] [--seed N] [--mix NAME] [--hours H] [--speed X] [--truth FILE]
                 [--sample-every SECONDS] [--summary] [--server URL --claims FILE]

Many pumps in one process, with therapies, and alarms as often as published for hospitals. Without --server time is virtual and goes
as fast as it can. Prints a checksum over everything the pumps said: the same options give the same, at any speed.

  --pumps         100; at most 64 to a hub
  --hubs          one for ten pumps
  --seed          1
  --mix           ${mixNames.map((name) => `${name.padEnd(11)} ${mixes[name].what}`).join('\n                  ')}
  --hours         how long, in the pumps' time (24); with --server until SIGTERM or SIGINT
  --speed         virtual seconds per second, 0.1 to 1000; with --server 1
  --truth         writes every sample, alarm, event and act, JSON lines
  --sample-every  seconds between two samples of a pump (60, with --server 5); 0: none
  --summary       a table of what was counted beside what is published
  --server        speaks to this server as the fleet's hubs: keys, signed heartbeats and batches, everything marked demo
  --claims        a claim for each hub, claimId:code, one a line: server claim create --name Fleet --count N

Exit codes: 0 done, 1 something failed, 2 wrong use.
`

interface Run {
  readonly mix: MixName
  readonly pumps: number
  readonly hubs: number
  readonly seed: number
  readonly endMs: number
  /** null: as fast as it goes. */
  readonly speed: number | null
  readonly truth: string | null
  readonly sampleEveryMs: number
  readonly summary: boolean
  readonly server: { readonly url: URL; readonly claims: string } | null
}

const wrong = (message: string): SimulatorError => new SimulatorError('SIM_CONFIG_INVALID', message)

const number = (name: string, text: string, low: number, high: number, isWhole = true): number => {
  const value = text.trim() === '' ? NaN : Number(text)
  if (value >= low && value <= high && (!isWhole || Number.isInteger(value))) return value
  throw wrong(`--${name} must be a ${isWhole ? 'whole ' : ''}number from ${low} to ${high}.`)
}

const isMixName = (name: string): name is MixName => Object.hasOwn(mixes, name)

const serverOf = (server: string | undefined, claims: string | undefined): Run['server'] => {
  if (server === undefined && claims === undefined) return null
  if (server === undefined || claims === undefined) throw wrong('--server and --claims go together.')
  const url = URL.parse(server)
  if (url === null || !['http:', 'https:'].includes(url.protocol)) throw wrong('--server must be an http or https URL.')
  return { url: new URL(url.origin), claims }
}

const options = {
  pumps: { type: 'string', default: '100' },
  hubs: { type: 'string' },
  seed: { type: 'string', default: '1' },
  mix: { type: 'string', default: 'home' },
  hours: { type: 'string' },
  speed: { type: 'string' },
  truth: { type: 'string' },
  'sample-every': { type: 'string' },
  summary: { type: 'boolean', default: false },
  server: { type: 'string' },
  claims: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const

const read = (args: readonly string[]): Run | null => {
  const { values } = parseArgs({ args: [...args], options })
  if (values.help) return null
  const server = serverOf(values.server, values.claims)
  const pumps = number('pumps', values.pumps, 1, 100_000)
  const hubs = values.hubs === undefined ? Math.ceil(pumps / 10) : number('hubs', values.hubs, 1, 10_000)
  if (hubs > pumps || Math.ceil(pumps / hubs) > mostPumpsPerHub)
    throw wrong(
      `A hub reads 1 to ${mostPumpsPerHub} pumps: ${pumps} pumps need ${Math.ceil(pumps / mostPumpsPerHub)} to ${pumps} hubs.`,
    )
  if (!isMixName(values.mix)) throw wrong(`--mix must be one of ${mixNames.join(', ')}.`)
  const speed = values.speed === undefined ? null : number('speed', values.speed, 0.1, 1000, false)
  const sampleEvery = number('sample-every', values['sample-every'] ?? (server === null ? '60' : '5'), 0, 3600)
  const endless = server === null ? 24 : Infinity
  return {
    mix: values.mix,
    pumps,
    hubs,
    seed: number('seed', values.seed, 0, 0xffff_ffff),
    endMs: 3_600_000 * (values.hours === undefined ? endless : number('hours', values.hours, 0.01, 24 * 3660, false)),
    speed: server === null ? speed : (speed ?? 1),
    truth: values.truth ?? null,
    sampleEveryMs: sampleEvery * 1000,
    summary: values.summary,
    server,
  }
}

/** What a virtual run has instead of a wall clock: the evening of 2026-01-01, UTC. */
const virtualStart = Date.UTC(2026, 0, 1, 18)
const paceMs = 100
const windowMs = 600_000
const progressMs = 10_000

/** The moments up to which a run moves, in the pumps' time. Ends at the run's end or when told to stop. */
async function* moments({ speed, endMs }: Run, signal: AbortSignal): AsyncGenerator<number> {
  const startedMs = systemClock.monotonic()
  let toMs = 0
  while (!signal.aborted && toMs < endMs) {
    if (speed === null) await setImmediate()
    else await pause(paceMs, undefined, { signal }).catch(() => {})
    const virtual = speed === null ? toMs + windowMs : (systemClock.monotonic() - startedMs) * speed
    toMs = Math.min(endMs, virtual)
    yield toMs
  }
}

const progress = (text: string): void => {
  process.stderr.write(`${text}\n`)
}

const live = async (run: Run, signal: AbortSignal): Promise<void> => {
  const mix = mixes[run.mix]
  const fleet = new Fleet({ ...run, mix })
  const statistics = new Statistics(mix)
  using log = new FleetLog(run.truth)
  const hubs =
    run.server === null
      ? null
      : await FleetHubs.enrol({
          server: run.server.url,
          claims: readClaims(
            await readFile(run.server.claims, 'utf8').catch((cause: unknown) => {
              throw new SimulatorError('SIM_CONFIG_INVALID', `Cannot read ${run.server?.claims}.`, { cause })
            }),
            run.hubs,
          ),
          fleet,
          statusIntervalMs: run.sampleEveryMs / (run.speed ?? 1),
          log,
          progress,
        })
  hubs?.start()
  const isVirtual = run.speed === null
  const tell = (said: Said): void => {
    statistics.take(said)
    const told = isVirtual
      ? { wallAt: virtualStart + said.atMs, monotonicMs: said.atMs }
      : { wallAt: systemClock.now(), monotonicMs: Math.round(systemClock.monotonic()) }
    log.write(truthOf(said), told)
    hubs?.take(said)
  }
  const startedMs = systemClock.monotonic()
  let shownMs = startedMs
  let toMs = 0
  for await (toMs of moments(run, signal)) {
    for (const said of fleet.advance(toMs)) tell(said)
    if (!isVirtual) log.flush()
    const now = systemClock.monotonic()
    if (now - shownMs < progressMs) continue
    shownMs = now
    const until = run.endMs === Infinity ? '' : ` of ${(run.endMs / 3_600_000).toFixed(1)}`
    progress(
      `hour ${(toMs / 3_600_000).toFixed(1)}${until}: ${statistics.samples} samples${hubs === null ? '' : `; ${hubs.words()}`}`,
    )
  }
  const tookS = (systemClock.monotonic() - startedMs) / 1000
  await hubs?.[Symbol.asyncDispose]()
  if (run.summary) process.stdout.write(`${table(statistics.lines())}\n`)
  const rss = Math.round(process.memoryUsage().rss / 1e6)
  process.stdout.write(
    `${run.pumps} pumps on ${run.hubs} hubs, ${(toMs / 3_600_000).toFixed(2)} h in ${tookS.toFixed(1)} s, ${rss} MB\n`,
  )
  if (hubs !== null) process.stdout.write(`${hubs.words()}\n`)
  process.stdout.write(`${log.lines} lines of truth, sha256 ${log.checksum()}\n`)
}

/** The `fleet` command. Resolves with the exit code. */
export const fleet = async (args: readonly string[]): Promise<number> => {
  const run = read(args)
  if (run === null) {
    process.stdout.write(fleetHelp)
    return 0
  }
  const stop = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => stop.abort())
  await live(run, stop.signal)
  return 0
}
