import { createServer } from 'node:http'
import type * as Prometheus from 'prom-client'

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
}

const prefix = 'infusion_watch_server_'

/** What docs/operations.md lists, in Prometheus' text format. No label names a patient, a pump, a person or a hub. */
class Exposition {
  readonly #library: typeof Prometheus
  readonly #registry: Prometheus.Registry
  readonly #set: readonly ((reading: ServerReading) => void)[]

  constructor(library: typeof Prometheus) {
    this.#library = library
    this.#registry = new library.Registry()
    this.#set = [...this.#process(), ...this.#load(), ...this.#refusals()]
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
    const inWork = this.#gauge('telemetry_batches_in_work', 'Batches of samples that are being stored.')
    const shed = this.#counter('shed_total', 'Requests turned away under load.', ['lane', 'reason'])
    return [
      (reading) => {
        level.set(reading.pressure)
        late.set(reading.lateMs / 1000)
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
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
