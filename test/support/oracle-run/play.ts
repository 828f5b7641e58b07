import { PumpId } from '#domain/ids.ts'
import { seededRandom } from '#simulators/core/random.ts'
import type { PlantedBug } from './bugs.ts'
import { oracleChannels } from './channels.ts'
import type { Fault, OraclePlan } from './fault-plan.ts'
import { FaultsNow, strikes } from './faults-now.ts'
import { hubIdOf } from './hub-id.ts'
import { readJournal, type FinalEpisodes } from './final-episodes.ts'
import { DriverLog } from './log.ts'
import { Network } from './network.ts'
import { Nurses } from './nurses.ts'
import { OracleHub } from './oracle-hub.ts'
import { OracleServer } from './oracle-server.ts'
import { PumpLines, pumpsOf, type OraclePump } from './pumps.ts'
import { VirtualProcess, VirtualTime } from './virtual-time.ts'

export interface Played {
  readonly plan: OraclePlan
  readonly pumps: readonly OraclePump[]
  readonly driver: DriverLog
  readonly final: FinalEpisodes
  readonly endMs: number
  /** Records that never left their hubs. */
  readonly waiting: number
  /** Numbers of the server's receipts, by boot. */
  readonly received: ReadonlyMap<string, ReadonlySet<number>>
}

export interface PlayOptions {
  readonly folder: string
  readonly bug?: PlantedBug | null
  /** After each virtual hour. */
  readonly hour?: (hour: number, driver: DriverLog) => void
}

/** Plays a plan: fleet, hubs, server, people and faults in one process on virtual time, with real files in `folder`. */
export const playPlan = async (plan: OraclePlan, { folder, bug = null, hour }: PlayOptions): Promise<Played> => {
  const world = new World(plan, folder, bug)
  const endMs = (plan.minutes + plan.calmMinutes) * 60_000
  await world.begin()
  for (let atMs = 0; atMs < endMs;) {
    atMs = Math.min(atMs + 3_600_000, endMs)
    await world.time.runUntil(atMs)
    hour?.(atMs / 3_600_000, world.driver)
  }
  // Until nothing is on its way: records are made all the time.
  for (let tries = 0; tries < 600 && world.waiting > 0; tries += 1) await world.time.runUntil(world.time.nowMs + 100)
  return await world.finish(world.time.nowMs)
}

class World {
  readonly time = new VirtualTime()
  readonly driver = new DriverLog()
  readonly #plan: OraclePlan
  readonly #folder: string
  readonly #bug: PlantedBug | null
  readonly #pumps: readonly OraclePump[]
  readonly #faults: FaultsNow
  readonly #network: Network
  readonly #nurses: Nurses
  readonly #lines: PumpLines
  readonly #random
  #server: OracleServer | null = null
  #serverStarts = 0
  #armed: Fault | null = null
  readonly #hubs: (OracleHub | null)[]
  readonly #hubStarts: number[]

  constructor(plan: OraclePlan, folder: string, bug: PlantedBug | null) {
    this.#plan = plan
    this.#folder = folder
    this.#bug = bug
    const { time, driver } = this
    this.#pumps = pumpsOf(plan)
    this.#faults = new FaultsNow(plan)
    this.#random = seededRandom(plan.seed).fork('world')
    const line = this.#random.fork('line')
    const faultOf = (hub: number, kind: Fault['kind']) => this.#faults.of(hub, kind)
    const server = () => this.#server
    this.#network = new Network({ time, server, faultOf, random: () => line.next(), counters: driver.counters })
    this.#nurses = new Nurses({
      time,
      driver,
      server,
      random: this.#random.fork('nurses'),
      isAway: (person) => this.#faults.isAway(person),
    })
    this.#hubs = Array.from({ length: plan.hubs }, () => null)
    this.#hubStarts = this.#hubs.map(() => 0)
    this.#lines = new PumpLines({
      plan,
      pumps: this.#pumps,
      time,
      driver,
      hub: (index) => this.#hubs[index] ?? null,
      isCut: (pump) => this.#faults.of(pump, 'pump-line') !== null,
    })
  }

  async begin(): Promise<void> {
    this.#makeServer()
    const hubIds = this.#hubs.map((_, index) => hubIdOf(index))
    await this.#server?.enrol(hubIds, new VirtualProcess(this.time, () => 0).now())
    await this.#server?.begin()
    for (const index of this.#hubs.keys()) this.#startHub(index)
    this.#lines.begin()
    this.#nurses.begin()
    this.#faults.follow(
      this.time,
      this.driver,
      (fault) => this.#begins(fault),
      (fault) => this.#ends(fault),
    )
  }

  get waiting(): number {
    return this.#hubs.reduce((sum, hub) => sum + (hub?.waiting ?? 0), 0)
  }

  async finish(endMs: number): Promise<Played> {
    const { driver } = this
    const { waiting } = this
    for (const hub of this.#hubs) hub?.close()
    if (this.#server !== null) this.#killServer()
    this.#makeServer()
    const { journal } = this.#server!
    const final = await readJournal(journal.alarms)
    const received = new Map<string, ReadonlySet<number>>()
    for (const [bootId, { hubId }] of driver.produced) {
      const ranges = await journal.receipts.received(hubId, bootId)
      received.set(bootId, new Set(ranges.flatMap(([first, last]) => numbers(first, last))))
    }
    this.#server!.close()
    return { plan: this.#plan, pumps: this.#pumps, driver, final, endMs, waiting, received }
  }

  #makeServer(): void {
    const { time, driver } = this
    const process = new VirtualProcess(time, () => this.#faults.aheadMs(0, 'server-clock'))
    const channels = oracleChannels(time, driver, this.#nurses, (person) => this.#faults.channelOf(person))
    this.#serverStarts += 1
    this.#server = new OracleServer({
      folder: this.#folder,
      time,
      process,
      start: this.#serverStarts,
      driver,
      channels: process.ofMine(channels),
      isDemoPump: (pumpId) => this.#pumps.some(({ id, simulated }) => simulated && id === pumpId),
      assignments: {
        get: (pumpId) => {
          const pump = this.#pumps.find(({ id }) => id === pumpId)
          return pump === undefined ? undefined : { label: null, criticality: pump.criticality }
        },
      },
      bug: this.#bug,
      diesAt: (moment) => this.#diesAt(moment),
    })
  }

  #diesAt(moment: 'before-commit' | 'after-commit'): boolean {
    const fault = this.#armed
    if (fault === null || fault.kind !== `kill-server-${moment}` || this.#server?.serves !== true) return false
    this.#armed = null
    const fromMs = this.time.nowMs
    const toMs = fromMs + Math.min(fault.lasts, 60) * 1000
    this.driver.windows.push({ fault, fromMs, toMs })
    this.#killServer(true)
    this.time.at(toMs, () => this.#startServer())
    return true
  }

  #killServer(inCommit = false): void {
    const server = this.#server
    if (server === null) return
    this.#server = null
    this.driver.counters.deaths += 1
    server.die()
    // The commit that it dies in may still be on the stack.
    if (inCommit) this.time.after(0, () => server.close())
    else server.close()
  }

  #startServer(): void {
    if (this.#server !== null || this.#faults.of(0, 'kill-server') !== null) return
    this.#makeServer()
    void this.#server!
      .begin()
      .catch((error: unknown) => this.driver.errors.push(`the server did not start: ${String(error)}`))
  }

  #startHub(index: number): void {
    if (this.#hubs[index] !== null || this.#faults.of(index, 'kill-hub') !== null) return
    const start = (this.#hubStarts[index] ?? 0) + 1
    this.#hubStarts[index] = start
    const random = this.#random.fork(`hub ${index} ${start}`)
    const hub = new OracleHub({
      index,
      folder: this.#folder,
      time: this.time,
      process: new VirtualProcess(this.time, () => this.#faults.aheadMs(index, 'hub-clock')),
      start,
      pumps: this.#pumps.filter((pump) => pump.hub === index),
      network: this.#network,
      driver: this.driver,
      faultOf: (of, kind) => this.#faults.of(of, kind),
      random: () => random.next(),
      told: (pumpId, alarms) => {
        const pump = this.#pumps.find(({ id }) => PumpId.parse(id) === pumpId)
        for (const { episodeId, code } of alarms) {
          const run = pump === undefined ? undefined : this.#lines.activeRun(pump.index, code)
          if (run !== undefined) this.driver.tell(episodeId, run)
        }
      },
      bug: this.#bug,
    })
    this.#hubs[index] = hub
    hub.begin()
    this.#lines.hubStarted(index)
  }

  #killHub(index: number): void {
    this.#hubs[index]?.close()
    this.#hubs[index] = null
    this.driver.counters.deaths += 1
  }

  #begins(fault: Fault): void {
    const target = strikes(fault, this.#plan)
    if (fault.kind === 'pump-line') this.#lines.cut(target)
    if (fault.kind === 'kill-hub' && this.#hubs[target] !== null) this.#killHub(target)
    if (fault.kind === 'kill-server') this.#killServer()
    if (fault.kind === 'kill-server-before-commit' || fault.kind === 'kill-server-after-commit') this.#armed = fault
  }

  #ends(fault: Fault): void {
    const target = strikes(fault, this.#plan)
    if (fault.kind === 'pump-line' && this.#faults.of(target, 'pump-line') === null) this.#lines.mended(target)
    if (fault.kind === 'kill-hub') this.#startHub(target)
    if (fault.kind === 'kill-server') this.#startServer()
    if (this.#armed === fault) this.#armed = null
  }
}

const numbers = (first: number, last: number): readonly number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index)
