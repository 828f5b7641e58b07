import type { TherapyCriticality } from '#domain/alarm/codes.ts'
import { ChannelId } from '#domain/ids.ts'
import type { PumpEvent, ReportedAlarm } from '#domain/pump-protocols/profile.ts'
import { Fleet, pumpIdOf } from '#simulators/core/fleet/fleet.ts'
import { mixes, type Mix } from '#simulators/core/fleet/mixes.ts'
import type { Said } from '#simulators/core/fleet/said.ts'
import { sampleOf } from '#simulators/core/mqtt-json/twin.ts'
import { alarmBehaviour, type ModelAlarm } from '#simulators/core/pump-alarms.ts'
import type { OraclePlan } from './fault-plan.ts'
import type { DriverLog, TrueRun } from './log.ts'
import { statusEveryMs, type OracleHub } from './oracle-hub.ts'
import type { VirtualTime } from './virtual-time.ts'

const channelId = ChannelId.parse('1')
/** A hub calls a pump lost after this much silence, ms (alarms.md, "Silence is an alarm"). */
const silentMs = 15_000

/** Short deliveries one after the other, each with several alarms. */
const busy: Mix = {
  ...mixes.volumetric,
  therapies: mixes.volumetric.therapies.map((therapy) => ({
    ...therapy,
    settings: { ...therapy.settings, rateMlPerHour: 400, vtbiMl: 60, bagMl: 80 },
    timing: { kind: 'in-a-row', gapMinutes: [0.5, 2] },
    alarmsPerDelivery: 4,
  })),
}

const reported = (code: ModelAlarm): ReportedAlarm => ({
  code,
  channelId,
  vendorCode: null,
  vendorText: null,
  priority: alarmBehaviour[code].priority,
})

export interface OraclePump {
  readonly index: number
  readonly id: string
  readonly hub: number
  readonly simulated: boolean
  readonly criticality: TherapyCriticality
}

export const pumpsOf = ({ pumps, hubs }: OraclePlan): readonly OraclePump[] =>
  Array.from({ length: pumps }, (_, index) => {
    const hub = Math.floor((index * hubs) / pumps)
    const criticality = (['critical', 'standard', 'unknown'] as const)[index % 3] ?? 'unknown'
    return { index, id: pumpIdOf(index), hub, simulated: hub % 5 === 1, criticality }
  })

export interface PumpLinesOptions {
  readonly plan: OraclePlan
  readonly pumps: readonly OraclePump[]
  readonly time: VirtualTime
  readonly driver: DriverLog
  /** Null: it is down. */
  readonly hub: (index: number) => OracleHub | null
  readonly isCut: (pump: number) => boolean
}

/** The fleet, what is true of it, and its cables: each pump tells its edges at once and its whole state every 10 s. */
export class PumpLines {
  readonly #options: PumpLinesOptions
  readonly #fleet: Fleet
  readonly #active = new Map<number, Map<ModelAlarm, TrueRun>>()
  readonly #lost = new Set<number>()

  constructor(options: PumpLinesOptions) {
    this.#options = options
    const { seed, pumps, hubs, mix } = options.plan
    this.#fleet = new Fleet({
      mix: mix === 'busy' ? busy : mixes.home,
      pumps,
      hubs,
      seed,
      sampleEveryMs: statusEveryMs,
    })
  }

  begin(): void {
    const { time } = this.#options
    const step = (): void => {
      const untilMs = time.nowMs + statusEveryMs
      for (const said of this.#fleet.advance(untilMs)) time.at(said.atMs, () => this.#take(said))
      time.at(untilMs, () => {
        for (const { index } of this.#options.pumps) this.#tellList(index)
        step()
      })
    }
    step()
  }

  activeRun(pump: number, code: string): TrueRun | undefined {
    return [...(this.#active.get(pump)?.values() ?? [])].find((run) => run.code === code)
  }

  /** The hub has started and looks at its ports. */
  hubStarted(hubIndex: number): void {
    for (const pump of this.#options.pumps) {
      if (pump.hub !== hubIndex) continue
      this.#tell(pump.index, {
        kind: 'identified',
        identity: {
          serial: pump.id,
          maker: 'Simulated',
          model: 'Fleet',
          firmware: null,
          statusIntervalMs: statusEveryMs,
          measurementStatus: pump.simulated ? ['demo'] : [],
        },
      })
      this.#lost.delete(pump.index)
      if (this.#options.isCut(pump.index)) this.#silentSoon(pump.index)
      else this.#linkUp(pump.index)
    }
  }

  cut(pump: number): void {
    this.#silentSoon(pump)
  }

  mended(pump: number): void {
    this.#linkUp(pump)
  }

  #linkUp(pump: number): void {
    this.#lost.delete(pump)
    this.#tell(pump, { kind: 'link', link: 'up', reason: null })
    this.#tellList(pump)
  }

  #silentSoon(pump: number): void {
    const { time, isCut } = this.#options
    const fromMs = time.nowMs
    time.after(silentMs, () => {
      if (!isCut(pump) || this.#lost.has(pump) || time.nowMs - fromMs < silentMs) return
      this.#lost.add(pump)
      this.#hubOf(pump)?.hear(pump, { kind: 'link', link: 'lost', reason: 'no valid frame' })
    })
  }

  #hubOf(pump: number): OracleHub | null {
    const { pumps, hub } = this.#options
    const home = pumps[pump]?.hub
    return home === undefined ? null : hub(home)
  }

  #tell(pump: number, event: PumpEvent): void {
    if (!this.#options.isCut(pump)) this.#hubOf(pump)?.hear(pump, event)
  }

  #tellList(pump: number): void {
    this.#tell(pump, { kind: 'alarms', active: [...(this.#active.get(pump)?.keys() ?? [])].map(reported) })
  }

  #take(said: Said): void {
    const { pump } = said
    switch (said.kind) {
      case 'alarm':
        this.#edge(pump, said.code, said.raised)
        return
      case 'sample': {
        const { simulated, id } = this.#options.pumps[pump]!
        const sample = { ...sampleOf(said.reading, id), measurementStatus: simulated ? (['demo'] as const) : [] }
        this.#tell(pump, { kind: 'sample', sample: { ...sample, measurementStatus: [...sample.measurementStatus] } })
        return
      }
      case 'event':
        this.#tell(pump, { kind: 'event', event: said.event, detail: said.detail })
        // A pump that starts says its list again.
        this.#tellList(pump)
        return
      case 'act':
      case 'delivery':
    }
  }

  #edge(pump: number, code: ModelAlarm, raised: boolean): void {
    const { driver, time } = this.#options
    const active = this.#active.get(pump) ?? new Map<ModelAlarm, TrueRun>()
    this.#active.set(pump, active)
    const running = active.get(code)
    if (running !== undefined) running.endMs = time.nowMs
    active.delete(code)
    if (raised) {
      const run: TrueRun = { pump, code, startMs: time.nowMs, endMs: Infinity, taken: false }
      active.set(code, run)
      driver.runs.push(run)
    }
    this.#tell(pump, { kind: 'alarm-edge', alarm: reported(code), raised })
  }
}
