import { createServer } from 'node:http'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type * as Prometheus from 'prom-client'
import type { FleetFigures } from '../core/fleet-figures.ts'
import type { PagingCounters } from '../core/paging/counters.ts'
import type { PageDelays } from '../core/paging/page-delays.ts'
import type { UplinkFigures } from '../core/uplink-figures.ts'

export interface ServerReading {
  readonly version: string
  readonly shed: readonly { readonly lane: string; readonly reason: string; readonly count: number }[]
  readonly limited: Readonly<Record<'hub' | 'stranger' | 'connection', number>>
  readonly pressure: number
  readonly lateMs: number
  readonly telemetryInWork: number
  /** Refused requests of hubs by code. */
  readonly hubRefusals: ReadonlyMap<string, number>
  readonly connections: number
  readonly liveClients: number
  readonly live: Readonly<Record<string, number>>
  /** ms since the epoch; null: no certificate of its own. */
  readonly certificateEnds: number | null
  readonly lanes: UplinkFigures['lanes']
  readonly fleet: FleetFigures
  readonly pages: Readonly<PagingCounters>
  readonly pageDelays: PageDelays
}

const prefix = 'infusion_watch_server_'

/** What docs/operations.md lists, in Prometheus' text format. No label names a patient, a pump, a person or a hub. */
class Exposition {
  readonly #library: typeof Prometheus
  readonly #registry: Prometheus.Registry
  readonly #delay = monitorEventLoopDelay({ resolution: 20 })
  readonly #set: readonly ((reading: ServerReading) => void)[]

  constructor(library: typeof Prometheus) {
    this.#library = library
    this.#registry = new library.Registry()
    this.#delay.enable()
    this.#set = [
      ...this.#process(),
      ...this.#load(),
      ...this.#refusals(),
      ...this.#uplink(),
      ...this.#fleet(),
      ...this.#paging(),
    ]
  }

  end(): void {
    this.#delay.disable()
  }

  async text(reading: ServerReading): Promise<{ readonly type: string; readonly text: string }> {
    for (const set of this.#set) set(reading)
    return { type: this.#registry.contentType, text: await this.#registry.metrics() }
  }

  #gauge<L extends string>(name: string, help: string, labelNames: readonly L[] = []): Prometheus.Gauge<L> {
    return new this.#library.Gauge({ name: `${prefix}${name}`, help, labelNames, registers: [this.#registry] })
  }

  /** Set anew at each scrape: the counts are kept where things happen. */
  #counter<L extends string>(name: string, help: string, labelNames: readonly L[] = []): Prometheus.Counter<L> {
    return new this.#library.Counter({ name: `${prefix}${name}`, help, labelNames, registers: [this.#registry] })
  }

  #process(): readonly ((reading: ServerReading) => void)[] {
    const info = this.#gauge('info', 'Always 1.', ['version', 'node'])
    const uptime = this.#gauge('uptime_seconds', 'Since the server was started.')
    const memory = this.#gauge('resident_memory_bytes', 'Memory of the process.')
    const cpu = this.#counter('cpu_seconds_total', 'Processor time of the process.')
    const ends = this.#gauge('tls_certificate_end_timestamp_seconds', 'When the certificate in use ends; absent: none.')
    return [
      ({ version, certificateEnds }) => {
        info.set({ version, node: process.version }, 1)
        uptime.set(process.uptime())
        memory.set(process.memoryUsage.rss())
        const { user, system } = process.cpuUsage()
        cpu.reset()
        cpu.inc((user + system) / 1e6)
        if (certificateEnds === null) ends.remove()
        else ends.set(certificateEnds / 1000)
      },
    ]
  }

  #load(): readonly ((reading: ServerReading) => void)[] {
    const level = this.#gauge('pressure_level', '0: nothing gives way, 1: telemetry, 2: looks back too.')
    const late = this.#gauge('event_loop_late_seconds', 'How late the event loop was at the newest look.')
    const delay = this.#gauge('event_loop_delay_seconds', 'Delay of the event loop since the last scrape.', [
      'quantile',
    ])
    const inWork = this.#gauge('telemetry_batches_in_work', 'Batches of samples that are being stored.')
    const shed = this.#counter('shed_total', 'Requests turned away under load.', ['lane', 'reason'])
    return [
      (reading) => {
        level.set(reading.pressure)
        late.set(reading.lateMs / 1000)
        // The histogram counts from the sampling interval of 20 ms on.
        for (const quantile of [0.5, 0.99, 1] as const)
          delay.set({ quantile }, Math.max(0, this.#delay.percentile(quantile * 100) / 1e9 - 0.02))
        this.#delay.reset()
        inWork.set(reading.telemetryInWork)
        shed.reset()
        for (const { lane, reason, count } of reading.shed) shed.inc({ lane, reason }, count)
      },
    ]
  }

  #refusals(): readonly ((reading: ServerReading) => void)[] {
    const limited = this.#counter('limited_total', 'Requests and connections over a limit.', ['limit'])
    const hubs = this.#counter('hub_refusals_total', 'Requests of hubs that were refused, by code.', ['code'])
    const open = this.#gauge('connections', 'Open connections to the port for people and hubs.')
    const clients = this.#gauge('live_clients', 'Pages that follow the live picture.')
    const live = this.#counter('live_refusals_total', 'Pages and messages refused, dropped or ended.', ['reason'])
    return [
      (reading) => {
        for (const metric of [limited, hubs, live]) metric.reset()
        for (const [limit, count] of Object.entries(reading.limited)) limited.inc({ limit }, count)
        for (const [code, count] of reading.hubRefusals) hubs.inc({ code }, count)
        for (const [reason, count] of Object.entries(reading.live)) live.inc({ reason }, count)
        open.set(reading.connections)
        clients.set(reading.liveClients)
      },
    ]
  }

  #uplink(): readonly ((reading: ServerReading) => void)[] {
    const batches = this.#counter('batches_total', 'Batches of hubs that got verdicts.', ['lane'])
    const records = this.#counter('records_total', 'Records of hubs by verdict.', ['lane', 'verdict'])
    return [
      ({ lanes }) => {
        for (const metric of [batches, records]) metric.reset()
        for (const lane of ['alarm', 'telemetry'] as const) {
          batches.inc({ lane }, lanes[lane].batches)
          for (const [verdict, count] of Object.entries(lanes[lane].records)) records.inc({ lane, verdict }, count)
        }
      },
    ]
  }

  #fleet(): readonly ((reading: ServerReading) => void)[] {
    const hubs = this.#gauge('hubs', 'Hubs by state.', ['state'])
    const pumps = this.#gauge('pumps', 'Pumps by the state that their hub gives their link.', ['link'])
    const oldest = this.#gauge('canary_oldest_seconds', 'Since the hub proven longest ago was; absent: none was.')
    const unproven = this.#gauge('hubs_unproven', 'Hubs that are heard and whose test alarm is overdue.')
    return [
      ({ fleet }) => {
        for (const [state, count] of Object.entries(fleet.hubs)) hubs.set({ state }, count)
        for (const [link, count] of Object.entries(fleet.pumps)) pumps.set({ link }, count)
        if (fleet.oldestProofMs === null) oldest.remove()
        else oldest.set(fleet.oldestProofMs / 1000)
        unproven.set(fleet.unproven)
      },
    ]
  }

  #paging(): readonly ((reading: ServerReading) => void)[] {
    const pages = this.#counter('pages_total', 'Pages by what became of them.', ['event'])
    const delay = this.#gauge('page_delay_seconds', 'From the decision until a channel took it, 24 h.', ['quantile'])
    const waiting = this.#gauge('pages_waiting', 'Pages that are decided and have not left.')
    const oldest = this.#gauge('page_oldest_waiting_seconds', 'Since the oldest of them was decided; 0: none waits.')
    const nobody = this.#counter('nobody_on_call_total', 'Looks at alarms that nobody could be asked about.')
    return [
      ({ pages: counted, pageDelays }) => {
        for (const metric of [pages, delay, nobody]) metric.reset()
        pages.inc({ event: 'queued' }, counted.queued + counted.remindersQueued + counted.callsQueued)
        pages.inc({ event: 'sent' }, counted.sent)
        pages.inc({ event: 'undeliverable' }, counted.undeliverable)
        pages.inc({ event: 'timed-out' }, counted.timedOut)
        pages.inc({ event: 'withdrawn' }, counted.withdrawn)
        nobody.inc(counted.nobodyOnCall)
        if (pageDelays.sent !== null) {
          delay.set({ quantile: 0.5 }, pageDelays.sent.half / 1000)
          delay.set({ quantile: 0.95 }, pageDelays.sent.most95 / 1000)
          delay.set({ quantile: 1 }, pageDelays.sent.longest / 1000)
        }
        waiting.set(pageDelays.waiting)
        oldest.set(pageDelays.oldestWaiting / 1000)
      },
    ]
  }
}

export interface ServerMetrics extends AsyncDisposable {
  readonly port: number
}

/** `/metrics` at one address, usually this machine's own: it asks nobody who they are. Rejects when the port cannot be had. */
export const serveMetrics = async (
  { host, port }: { readonly host: string; readonly port: number },
  read: () => ServerReading,
): Promise<ServerMetrics> => {
  const exposition = new Exposition(await import('prom-client'))
  const server = createServer({ requestTimeout: 5000, headersTimeout: 5000 }, (request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('not here: try /metrics\n')
      return
    }
    exposition.text(read()).then(
      ({ type, text }) => response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store' }).end(text),
      () => response.writeHead(500).end(),
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const bound = server.address()
  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : port,
    [Symbol.asyncDispose]: async () => {
      exposition.end()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
