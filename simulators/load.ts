import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { BootId, PumpId } from '#domain/ids.ts'
import { enrol } from './adapters/hub-client/enrol.ts'
import { Exchange } from './adapters/hub-client/exchange.ts'
import { HubKey } from './adapters/hub-client/hub-key.ts'
import { HubLink } from './adapters/hub-client/hub-link.ts'
import { systemClock } from './adapters/system-time.ts'
import { SimulatorError } from './core/errors.ts'
import { readClaims, type Claim } from './core/hub/claims.ts'
import { snapshotRecord } from './core/hub/record-bodies.ts'
import { LoadTally, loadTable, type LoadPlan } from './core/load/load-report.ts'
import { loadPumpId, loadPumpReport, loadSample } from './core/load/load-samples.ts'

export const loadHelp = `simulators load --server URL --claims FILE [--hubs N] [--rate SAMPLES_PER_S] [--seconds N] [--pumps N] [--json]

Drives a server at a wanted rate with real signed batches, and says what it made of them. Samples come when they are due, whether the
server keeps up or not: what waits for it counts as latency. Everything is marked demo. The server keeps hubs, pumps and samples.

  --claims   a claim for each hub, claimId:code, one a line: server claim create --name Load --count N
  --hubs     10, at most 1000
  --rate     samples a second of all hubs together (100), at most 100000
  --seconds  30, at most 3600; up to 10 more for answers
  --pumps    pumps of each hub (10), at most 64
  --json     one line of JSON instead of a table

Exit codes: 0 everything is stored, 1 something is not, 2 wrong use.
`

interface Load extends LoadPlan {
  readonly server: URL
  readonly claims: readonly Claim[]
  readonly pumps: number
  readonly json: boolean
}

const wrong = (message: string, cause?: unknown): SimulatorError =>
  new SimulatorError('SIM_CONFIG_INVALID', message, { cause })

const whole = (name: string, text: string, high: number): number => {
  if (/^\d{1,9}$/.test(text) && Number(text) >= 1 && Number(text) <= high) return Number(text)
  throw wrong(`--${name} must be a whole number from 1 to ${high}.`)
}

const read = async (args: readonly string[]): Promise<Load | 'help'> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      server: { type: 'string' },
      claims: { type: 'string' },
      hubs: { type: 'string', default: '10' },
      rate: { type: 'string', default: '100' },
      seconds: { type: 'string', default: '30' },
      pumps: { type: 'string', default: '10' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return 'help'
  const { server = '', claims = '', json } = values
  const url = URL.parse(server)
  if (url === null || !['http:', 'https:'].includes(url.protocol)) throw wrong('--server must be an http or https URL.')
  const hubs = whole('hubs', values.hubs, 1000)
  const text = await readFile(claims, 'utf8').catch((cause: unknown) => {
    throw wrong(claims === '' ? '--claims is needed.' : `Cannot read ${claims}.`, cause)
  })
  return {
    server: new URL(url.origin),
    claims: readClaims(text, hubs),
    hubs,
    rate: whole('rate', values.rate, 100_000),
    seconds: whole('seconds', values.seconds, 3600),
    pumps: whole('pumps', values.pumps, 64),
    json,
  }
}

const tickMs = 50
const lastMs = 10_000
const progressMs = 10_000
/** Most samples that wait in one hub. */
const mostWaiting = 50_000
const enrolAtOnce = 8

/** When a sample was due, ms since the start; null: a list of alarms. */
type Source = number | null
type Link = HubLink<Source>
type Exchanges = ConstructorParameters<typeof HubLink>[1]

const hubOf = async (
  load: Load,
  index: number,
  claim: Claim,
  tally: LoadTally,
  startedMs: () => number,
  exchanges: Exchanges,
): Promise<Link> => {
  const { server, pumps, hubs, rate } = load
  const key = new HubKey()
  const { keyId } = await enrol(server, claim, key, AbortSignal.timeout(30_000))
  const statusIntervalMs = (1000 * hubs * pumps) / rate
  const link: Link = new HubLink<Source>(
    {
      server,
      bootId: BootId.parse(`load-${randomUUID().slice(0, 13)}`),
      key,
      keyId,
      clock: systemClock,
      random: Math.random,
      mostWaiting,
      gatherMs: 0,
      pumps: () =>
        Array.from({ length: pumps }, (_, pump) => loadPumpReport(loadPumpId(index, pump), statusIntervalMs)),
      listsWanted: (ids) => {
        for (const id of ids) link.append(snapshotRecord(PumpId.parse(id), 'requested', []), null)
      },
      settled: ({ entry: { source }, verdict }) => {
        if (source === null) return
        if (verdict.verdict === 'refused') tally.refused(verdict.reason)
        else tally.stored(source, systemClock.monotonic() - startedMs())
      },
      tried: ({ lane, status, code, tookMs }) => {
        if (lane === 'telemetry') tally.tried(status, code, tookMs)
      },
    },
    exchanges,
  )
  return link
}

/** Hands every sample to its hub when it is due: hub by hub in turn, so that all are equally busy. */
const drive = async (
  load: Load,
  links: readonly Link[],
  tally: LoadTally,
  startedMs: number,
  signal: AbortSignal,
): Promise<void> => {
  const { rate, seconds, hubs, pumps } = load
  const total = rate * seconds
  let shownMs = startedMs
  for (let given = 0; given < total && !signal.aborted; await pause(tickMs)) {
    const nowMs = systemClock.monotonic()
    const due = Math.min(total, Math.floor(((nowMs - startedMs) * rate) / 1000))
    tally.dued(due - given)
    for (; given < due; given += 1) {
      const nth = Math.floor(given / hubs)
      const pumpId = loadPumpId(given % hubs, nth % pumps)
      links[given % hubs]?.append(loadSample(pumpId, Math.floor(nth / pumps)), (given * 1000) / rate)
    }
    if (nowMs - shownMs < progressMs) continue
    shownMs = nowMs
    const waiting = links.reduce((sum, link) => sum + link.waiting, 0)
    process.stderr.write(`${Math.round((nowMs - startedMs) / 1000)} s: ${given} samples due, ${waiting} wait\n`)
  }
  const untilMs = systemClock.monotonic() + lastMs
  while (links.some(({ waiting }) => waiting > 0) && systemClock.monotonic() < untilMs && !signal.aborted)
    await pause(tickMs)
}

/** The `load` command. Resolves with the exit code. */
export const load = async (args: readonly string[]): Promise<number> => {
  const wanted = await read(args)
  if (wanted === 'help') {
    process.stdout.write(loadHelp)
    return 0
  }
  const { server, claims, hubs, rate, seconds, json } = wanted
  const stop = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => stop.abort())
  const tally = new LoadTally()
  const exchanges = { alarm: new Exchange(server), telemetry: new Exchange(server), heartbeat: new Exchange(server) }
  let startedMs = 0
  const links: Link[] = []
  for (let from = 0; from < hubs && !stop.signal.aborted; from += enrolAtOnce) {
    const some = claims.slice(from, from + enrolAtOnce)
    links.push(
      ...(await Promise.all(
        some.map((claim, at) => hubOf(wanted, from + at, claim, tally, () => startedMs, exchanges)),
      )),
    )
  }
  process.stderr.write(`${links.length} hubs are paired with ${server.origin}\n`)
  const over = new AbortController()
  const runs = links.map((link) => link.run(over.signal))
  startedMs = systemClock.monotonic()
  await drive(wanted, links, tally, startedMs, stop.signal)
  over.abort()
  await Promise.all(runs)
  for (const exchange of Object.values(exchanges)) exchange[Symbol.dispose]()
  const dropped = links.reduce((sum, link) => sum + link.dropped, 0)
  const report = tally.report({ hubs, rate, seconds }, dropped)
  process.stdout.write(`${json ? JSON.stringify(report) : loadTable(report)}\n`)
  return report.stored === report.due ? 0 : 1
}
