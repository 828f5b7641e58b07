import { monitorEventLoopDelay } from 'node:perf_hooks'
import { HubConditionCode, LinkState } from '#domain/uplink/envelope.ts'
import type * as Prometheus from 'prom-client'
import type { HubStatus } from '../core/health.ts'
import type { LocalReason } from '../core/local-alarm.ts'

export interface MetricsReading {
  readonly status: HubStatus
  /** Calls that the outbox refused since the gateway runs. */
  readonly refusedAppends: number
  /** Seconds since a server answered a heartbeat; since the start when none did. */
  readonly unansweredSeconds: number
  readonly highAlarms: { readonly accepted: number; readonly open: number }
}

/** The counters of a port that are exported even while they are zero, so that a rule can watch them (protocols/README.md 5). */
const portEvents = [
  'ok',
  'crc',
  'form',
  'over',
  'restart',
  'gap',
  'junk',
  'bad',
  'unsup',
  'dup',
  'stale',
  'missed',
  'timeouts',
  'reconnects',
  'refusedWrites',
] as const

const reasonKinds = [
  'not-accepted',
  'no-answer',
  'pump-lost',
  'storage',
] as const satisfies readonly LocalReason['kind'][]
const lanes = ['alarm', 'telemetry'] as const
const prefix = 'infusion_watch_hub_'

export interface MetricsText {
  readonly type: string
  readonly text: string
}

/** What docs/operations.md lists. The library costs 20 MB, so a hub that nobody scrapes never loads it. */
export class Metrics implements Disposable {
  readonly #read: () => Promise<MetricsReading>
  #exposition: Promise<Exposition> | null = null

  constructor(read: () => Promise<MetricsReading>) {
    this.#read = read
  }

  async text(): Promise<MetricsText> {
    this.#exposition ??= import('prom-client').then((library) => new Exposition(library))
    const exposition = await this.#exposition
    return exposition.text(await this.#read())
  }

  [Symbol.dispose](): void {
    void this.#exposition?.then((exposition) => exposition.end())
  }
}

/** Prometheus' text format. No label names a patient or a pump: ports and lanes only. */
class Exposition {
  readonly #library: typeof Prometheus
  readonly #registry: Prometheus.Registry
  readonly #delay = monitorEventLoopDelay({ resolution: 20 })
  readonly #set: readonly ((reading: MetricsReading) => void)[]

  constructor(library: typeof Prometheus) {
    this.#library = library
    this.#registry = new library.Registry()
    this.#delay.enable()
    this.#set = [...this.#ports(), ...this.#outbox(), ...this.#uplink(), ...this.#alarm(), ...this.#process()]
  }

  async text(reading: MetricsReading): Promise<MetricsText> {
    for (const set of this.#set) set(reading)
    return { type: this.#registry.contentType, text: await this.#registry.metrics() }
  }

  end(): void {
    this.#delay.disable()
  }

  #gauge<L extends string>(name: string, help: string, labelNames: readonly L[] = []): Prometheus.Gauge<L> {
    return new this.#library.Gauge({ name: `${prefix}${name}`, help, labelNames, registers: [this.#registry] })
  }

  /** Set anew at each scrape: the counts are kept where things happen. */
  #counter<L extends string>(name: string, help: string, labelNames: readonly L[] = []): Prometheus.Counter<L> {
    return new this.#library.Counter({ name: `${prefix}${name}`, help, labelNames, registers: [this.#registry] })
  }

  #ports(): readonly ((reading: MetricsReading) => void)[] {
    const bytes = this.#counter('port_received_bytes_total', 'Bytes received on a port.', ['port'])
    const events = this.#counter('port_events_total', 'What happened on a port, by counter.', ['port', 'event'])
    const state = this.#gauge('port_link', '1 for the state that the link of a port is in.', ['port', 'state'])
    const silent = this.#gauge('port_silent_seconds', 'Since the pump that is silent longest was heard.', ['port'])
    const pumps = this.#gauge('pumps', 'Pumps this hub knows.')
    return [
      ({ status: { ports } }) => {
        for (const metric of [bytes, events, state]) metric.reset()
        for (const { name: port, link, counters } of ports) {
          for (const one of LinkState.options) state.set({ port, state: one }, one === link ? 1 : 0)
          const { bytes: received = 0, ...rest } = counters
          bytes.inc({ port }, received)
          for (const event of portEvents) events.inc({ port, event }, 0)
          for (const [event, count] of Object.entries(rest)) events.inc({ port, event }, count)
        }
      },
      ({ status }) => {
        silent.reset()
        pumps.set(status.pumps.length)
        const worst = new Map<string, number>()
        for (const { port, silentMs } of status.pumps)
          if (silentMs !== null) worst.set(port, Math.max(worst.get(port) ?? 0, silentMs))
        for (const [port, ms] of worst) silent.set({ port }, ms / 1_000)
      },
    ]
  }

  #outbox(): readonly ((reading: MetricsReading) => void)[] {
    const records = this.#gauge('outbox_records', 'Records that wait for the server.', ['lane'])
    const oldest = this.#gauge('outbox_oldest_seconds', 'Age of the oldest waiting record; 0: none waits.', ['lane'])
    const quarantined = this.#gauge('outbox_quarantined_records', 'Records set aside.')
    const tombstoned = this.#gauge('outbox_tombstoned_records', 'Telemetry thinned away and named by tombstones.')
    const refused = this.#counter('outbox_refused_appends_total', 'Times that the outbox refused to store.')
    const disk = this.#gauge('disk_free_bytes', 'Free on the disk of the data folder.')
    return [
      ({ status: { outbox }, refusedAppends }) => {
        for (const lane of lanes) {
          records.set({ lane }, outbox[lane].rows)
          oldest.set({ lane }, (outbox[lane].oldestAgeMs ?? 0) / 1_000)
        }
        quarantined.set(outbox.quarantined)
        tombstoned.set(outbox.tombstoned)
        refused.reset()
        refused.inc(refusedAppends)
        if (outbox.diskFreeBytes !== null) disk.set(outbox.diskFreeBytes)
      },
    ]
  }

  #uplink(): readonly ((reading: MetricsReading) => void)[] {
    const records = this.#counter('uplink_records_total', 'Records by the server’s verdict.', ['lane', 'verdict'])
    const batches = this.#counter('uplink_batches_total', 'Batches that got an answer.', ['lane'])
    const settled = this.#gauge('uplink_last_settled_seconds', 'Since a record was settled last.', ['lane'])
    const trouble = this.#gauge('uplink_trouble', '1 while the lane or the heartbeat is in trouble.', ['what'])
    const beats = this.#counter('heartbeats_total', 'Heartbeats that the server answered.')
    const unanswered = this.#gauge('heartbeat_unanswered_seconds', 'Since the server answered a heartbeat last.')
    const error = this.#gauge('clock_anchor_error_seconds', 'How well the server’s clock is known; absent: not at all.')
    const paired = this.#gauge('paired', '1 when the hub is paired with a server.')
    const condition = this.#gauge('condition', '1 while the hub has this condition.', ['code'])
    return [
      ({ status, unansweredSeconds }) => {
        for (const metric of [records, batches, settled, beats, error]) metric.reset()
        for (const lane of lanes) {
          const report = status.uplink[lane]
          records.inc({ lane, verdict: 'stored' }, report.delivered)
          records.inc({ lane, verdict: 'refused' }, report.refused)
          records.inc({ lane, verdict: 'retry' }, report.retried)
          batches.inc({ lane }, report.batches)
          settled.set({ lane }, (status.monotonicMs - (report.lastSettledMs ?? 0)) / 1_000)
          trouble.set({ what: lane }, report.trouble === null ? 0 : 1)
        }
        trouble.set({ what: 'heartbeat' }, status.uplink.state === 'trouble' ? 1 : 0)
        beats.inc(status.uplink.heartbeats)
        unanswered.set(unansweredSeconds)
        if (status.uplink.anchor === null) error.remove()
        else error.set(status.uplink.anchor.errorMs / 1_000)
        paired.set(status.paired ? 1 : 0)
        for (const code of HubConditionCode.options)
          condition.set({ code }, status.conditions.some((active) => active.code === code) ? 1 : 0)
      },
    ]
  }

  #alarm(): readonly ((reading: MetricsReading) => void)[] {
    const sounding = this.#gauge('annunciator_sounding', '1 while the hub itself sounds.')
    const reasons = this.#gauge('annunciator_reasons', 'Why the hub sounds or would, but for an audio pause.', ['kind'])
    const starts = this.#counter('annunciator_command_starts_total', 'Starts of the annunciator command.')
    const failures = this.#counter('annunciator_command_failures_total', 'Starts that ended in a failure.')
    const high = this.#gauge('high_alarms', 'High alarms that go on.', ['accepted'])
    return [
      ({ status: { localAlarm }, highAlarms }) => {
        for (const metric of [starts, failures]) metric.reset()
        sounding.set(localAlarm.sounding ? 1 : 0)
        for (const kind of reasonKinds) reasons.set({ kind }, localAlarm.reasons.filter((one) => one === kind).length)
        starts.inc(localAlarm.command?.starts ?? 0)
        failures.inc(localAlarm.command?.failures ?? 0)
        high.set({ accepted: 'yes' }, highAlarms.accepted)
        high.set({ accepted: 'no' }, highAlarms.open)
      },
    ]
  }

  #process(): readonly ((reading: MetricsReading) => void)[] {
    const info = this.#gauge('info', 'Versions; always 1.', ['version', 'node'])
    const uptime = this.#gauge('uptime_seconds', 'Since this gateway was started.')
    const memory = this.#gauge('resident_memory_bytes', 'Resident memory of the process.')
    const stalls = this.#counter('stalls_total', 'Times that the process stood still for 3 s or more and was pardoned.')
    const pardoned = this.#counter(
      'stall_seconds_total',
      'Silence not counted because of stalls, with 10 s after each.',
    )
    const cpu = this.#counter('cpu_seconds_total', 'Processor time of the process.')
    const delay = this.#gauge('event_loop_delay_seconds', 'Delay of the event loop since the last scrape.', [
      'quantile',
    ])
    return [
      ({ status }) => {
        for (const metric of [cpu, stalls, pardoned]) metric.reset()
        stalls.inc(status.stalls.count)
        pardoned.inc(status.stalls.ms / 1_000)
        info.set({ version: status.versions.gateway, node: status.versions.node }, 1)
        uptime.set(status.monotonicMs / 1_000)
        memory.set(process.memoryUsage.rss())
        const { user, system } = process.cpuUsage()
        cpu.inc((user + system) / 1e6)
        // The histogram counts from the sampling interval of 20 ms on.
        for (const quantile of [0.5, 0.99, 1] as const)
          delay.set({ quantile }, Math.max(0, this.#delay.percentile(quantile * 100) / 1e9 - 0.02))
        this.#delay.reset()
      },
    ]
  }
}
