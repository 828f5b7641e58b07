import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { AlarmView } from '#domain/live/views.ts'
import { seededRandom } from '#simulators/core/random.ts'
import { Browser } from '#test/support/browser.ts'
import { eventually } from '#test/support/eventually.ts'
import { LiveLine } from '#test/support/live-line.ts'
import type { Nurse } from '#test/support/nurse.ts'
import { differsFromJournal } from '#test/support/shown-alarms.ts'
import { StolenTime } from '#test/support/stolen-time.ts'
import { storedAlarms } from '#test/support/stored-alarms.ts'
import { System } from '#test/support/system.ts'
import type { FleetMember } from '#test/support/system.ts'
import { readTruth, startsOf, type TruthLine } from '#test/support/truth.ts'
import { Wall } from '../e2e/wall.ts'
import { drops } from './drops.ts'
import type { Surroundings } from './drops.ts'
import { SoakedWall } from './wall.ts'
import type { Weight } from './wall.ts'

// `npm run soak`: one wall, open for a night, over real pumps, hub, server and sockets, with a drop a minute.

const help = `npm run soak [-- --minutes N] [-- --seed N]

  --minutes  how long the wall stays open (700: a session ends after 12 h)
  --seed     in which order hands go to the pumps (1)

A drop a minute: the socket is cut, the network falls silent, messages are lost, doubled or swapped, the computer sleeps, the server is
killed. After each the wall has to show exactly what the journal's file holds. Ends with 1 when it did not, when an alarm of a pump never
had a row, or when the heap grew by 5 MB or more for every half hour.
`

const pumps: readonly FleetMember[] = Array.from({ length: 6 }, (_, index) => ({
  id: `SIM-000${index + 1}`,
  protocol: 'mqtt-json',
  wire: 'mqtt',
}))
const everyMs = 60_000
/** Until a wall that has a socket again must be whole, at the worst: on a busy machine. What it took is printed. */
const patienceMs = 60_000
const growthMbPerHalfHour = 5

const say = (text: string): void => void process.stderr.write(`${text}\n`)

/** Hands at one pump after the other: the cassette comes off, and goes on again. */
const handsOn = (system: System, seed: number): (() => Promise<void>) => {
  const random = seededRandom(seed)
  const off = new Set<string>()
  return async () => {
    const pumpId = pumps[random.whole(0, pumps.length - 1)]?.id ?? ''
    const goesOn = off.delete(pumpId)
    if (!goesOn) off.add(pumpId)
    for (const act of goesOn ? ['cassette-on', 'resume'] : ['cassette-off']) await system.act(pumpId, act)
  }
}

/** Somebody does the work: what is over is taken and closed out, or the wall would fill up. */
const closeOut = async (nurse: Nurse, file: string): Promise<void> => {
  for (const alarm of storedAlarms(file).filter(({ condition }) => condition === 'ended' || condition === 'latched')) {
    const act = { requestId: randomUUID(), expectedVersion: alarm.version }
    const outcome = { class: 'true-and-acted', finding: 'door-or-cassette', note: '' }
    await nurse.request('POST', `/alarms/${alarm.episodeId}/resolve`, { ...act, ...outcome })
  }
}

/** The server knows of it: one that came back within a minute goes on as the same alarm. */
const isOf = (start: TruthLine & { readonly code: string }, alarm: AlarmView): boolean =>
  alarm.pumpId === start.pumpId &&
  alarm.code === start.code &&
  alarm.startedAt <= start.wallAt + 2_500 + alarm.uncertaintyMs &&
  (alarm.endedAt === null || alarm.endedAt >= start.wallAt - 60_000 - alarm.uncertaintyMs)

const main = async (): Promise<number> => {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '700' },
      seed: { type: 'string', default: '1' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const [minutes, seed] = [Number(values.minutes), Number(values.seed)]
  if (!(minutes > 0) || !Number.isSafeInteger(seed)) throw new TypeError(`--minutes and --seed are numbers\n\n${help}`)

  await using line = await LiveLine.open()
  await using system = await System.start({ pumps, origins: [line.url], searched: false })
  line.leadTo(system.serverPort)
  await using browser = await Browser.open()
  const page = await browser.page()
  const { name, password } = system.password('nurse')
  await new Wall(page).signIn(line.url, name, password)
  const wall = await SoakedWall.watch(page, await browser.tools(page))
  const nurse = await system.signIn('nurse')
  const around: Surroundings = {
    system,
    line,
    browser,
    somethingHappens: handsOn(system, seed),
    pass: async (ms) => await pause(ms),
  }
  /** Every alarm that the server ever told, as it was last. */
  const told = new Map<string, AlarmView>()
  const gather = async (): Promise<void> => {
    for (const alarm of [...(await nurse.openAlarms()), ...(await nurse.closedAlarms())])
      told.set(alarm.episodeId, alarm)
  }
  const problems: string[] = []
  const tookMs: number[] = []
  let first: Weight | null = null
  let last: Weight | null = null

  /** From the moment a socket was there again; `before`: when the one before had come. */
  const heal = async (what: string, before: number): Promise<void> => {
    const mended = performance.now()
    using stolen = new StolenTime()
    let difference: string | null = 'no socket came'
    const isWhole = async (): Promise<boolean> => {
      if (line.connectedAt <= before) return false
      difference = await differsFromJournal(wall.read, system.journalFile)
      return difference === null
    }
    try {
      await eventually(isWhole, { within: patienceMs, every: 20 })
    } catch {
      problems.push(`${what}: ${difference}`)
      say(`FAILED ${what}: ${difference}`)
      return
    }
    const took = performance.now() - Math.max(line.connectedAt, mended)
    tookMs.push(took)
    const waited = stolen.ms < 100 ? '' : `, in ${stolen.ms.toFixed(0)} of which this program had no turn`
    say(`${what}: screen = journal after ${took.toFixed(0)} ms${waited}`)
  }

  const started = performance.now()
  for (let turn = 0; performance.now() - started < minutes * 60_000; turn += 1) {
    const next = performance.now() + everyMs
    const drop = drops[turn % drops.length]
    if (drop === undefined) continue
    const before = line.connectedAt
    await drop.run(around)
    await heal(`${turn + 1} ${drop.name}`, before)
    await closeOut(nurse, system.journalFile)
    // A page that nobody touches for half an hour is signed out.
    await page.keyboard.press('Shift')
    await gather()
    last = await wall.weight()
    // What the first drops load for good is no leak.
    if (turn < drops.length) first = last
    say(`   heap ${last.heapMb.toFixed(1)} MB, ${last.nodes} nodes, ${last.listeners} listeners`)
    await pause(Math.max(0, next - performance.now()))
  }
  await gather()
  const shown = await wall.everShown()
  const alarms = [...told.values()]
  const unseen = alarms.filter(({ episodeId }) => !shown.has(episodeId))
  problems.push(...unseen.map(({ pumpId, code }) => `${code} of ${pumpId} never had a row`))
  const starts = startsOf(readTruth(system.truthFile))
  const missed = starts.filter((start) => !alarms.some((alarm) => isOf(start, alarm)))
  problems.push(...missed.map(({ pumpId, code }) => `${code} of ${pumpId} is not in the journal`))
  const hours = (performance.now() - started) / 3_600_000
  const grewMb = first === null || last === null ? 0 : last.heapMb - first.heapMb
  const limitMb = growthMbPerHalfHour * Math.max(1, hours * 2)
  if (grewMb >= limitMb) problems.push(`the heap grew by ${grewMb.toFixed(1)} MB`)
  const slowest = Math.max(...tookMs)
  const median = tookMs.toSorted((a, b) => a - b)[Math.floor(tookMs.length / 2)] ?? Number.NaN
  say(`${tookMs.length} healings, median ${median.toFixed(0)} ms, slowest ${slowest.toFixed(0)} ms`)
  say(`${starts.length} alarms of pumps, ${alarms.length} in the journal, ${shown.size} on the wall`)
  say(`heap ${grewMb.toFixed(1)} MB in ${(hours * 60).toFixed(0)} min`)
  for (const problem of problems) say(`FAILED ${problem}`)
  return problems.length === 0 ? 0 : 1
}

process.exitCode = await main()
