import type { Server as HttpServer } from 'node:http'
import type { EpisodeId } from '#domain/ids.ts'
import type { Clock, Scheduler } from '#domain/time.ts'
import { limitConnections } from '../adapters/connection-limit.ts'
import { serveMetrics } from '../adapters/server-metrics.ts'
import { createSqliteWriteProbe } from '../adapters/sqlite-write-probe.ts'
import type { Journal } from '../adapters/sqlite/open-journal.ts'
import type { ServerReading } from '../adapters/server-metrics.ts'
import type { ServerConfig } from '../config.ts'
import type { AlarmService } from '../core/alarm-service.ts'
import { JournalPulse } from '../core/journal-pulse.ts'
import type { Log } from '../core/log.ts'
import { PathTimer } from '../core/path/path-timer.ts'
import { HubGate } from '../core/pressure/hub-gate.ts'
import { LoopWatch } from '../core/pressure/loop-watch.ts'
import { Shedding } from '../core/pressure/shedding.ts'
import { serverTrouble } from '../core/transport/server-trouble.ts'
import type { LivePicture } from '../core/live-picture.ts'
import type { Pager } from '../core/paging/pager.ts'
import type { UplinkFigures } from '../core/uplink-figures.ts'
import { fleetFigures } from '../core/fleet-figures.ts'
import { listen } from './listen.ts'
import type { Transport } from './transport.ts'

export interface ServerWatchParts {
  readonly config: Pick<ServerConfig, 'metricsHost' | 'metricsPort' | 'trustedProxies'>
  readonly transport: Pick<Transport, 'trouble' | 'certificateEnds'>
  readonly alarms: Pick<AlarmService, 'system'>
  readonly journal: Pick<Journal, 'database'>
  /** Batches of samples that are being stored. */
  readonly inWork: () => number
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly newEpisodeId: () => EpisodeId
  readonly version: string
  readonly log: Log
}

export interface ServerWatch extends AsyncDisposable {
  readonly shedding: Shedding
  readonly gate: HubGate
  readonly journal: JournalPulse
  /** From now on connections are limited, load gives way, troubles are alarms and figures are served. */
  start(server: HttpServer, live: Live, figures: Figures): Promise<void>
}

/** What is counted where it happens. */
export interface Figures {
  readonly uplink: UplinkFigures
  readonly picture: Pick<LivePicture, 'hubs' | 'pumps'>
  readonly pager: Pick<Pager, 'counters' | 'delays'>
}

interface Live {
  readonly clients: number
  readonly counters: object
}

/** Behind it stands whoever a proxy here speaks for. */
const thisMachine = ['127.0.0.0/8', '::1']

/** What the server itself can take, what it does when there is more, and who is told. */
export const openServerWatch = (parts: ServerWatchParts): ServerWatch => {
  const { config, transport, inWork, clock, scheduler, log } = parts
  const loop = new LoopWatch({ clock, scheduler })
  const shedding = new Shedding({ loop, inWork, clock })
  const gate = new HubGate(shedding, clock)
  const alarm = serverTrouble({
    ...parts,
    system: (commands) => parts.alarms.system(commands),
    troubles: () => [transport.trouble(), shedding.trouble()],
  })
  const timer = new PathTimer({ look: () => alarm.look(), scheduler })
  const write = createSqliteWriteProbe(parts.journal.database, clock)
  const journal = new JournalPulse({ write, scheduler, log })
  const opened = new AsyncDisposableStack()
  return {
    shedding,
    gate,
    journal,
    start: async (server, live, figures) => {
      const connections = limitConnections(server, [...thisMachine, ...config.trustedProxies])
      opened.use(loop)
      loop.start()
      opened.use(timer)
      timer.start()
      opened.use(journal)
      journal.start()
      if (config.metricsPort === null) return
      const reading = (): ServerReading => ({
        version: parts.version,
        shed: shedding.counts(),
        limited: { ...gate.limited, connection: connections.refused },
        pressure: loop.level,
        lateMs: loop.lateMs,
        telemetryInWork: inWork(),
        hubRefusals: gate.refusals,
        connections: connections.open,
        liveClients: live.clients,
        live: { ...live.counters },
        certificateEnds: transport.certificateEnds(),
        lanes: figures.uplink.lanes,
        fleet: fleetFigures(figures.picture, clock.now()),
        pages: figures.pager.counters,
        pageDelays: figures.pager.delays.read(clock.now()),
      })
      const at = { host: config.metricsHost, port: config.metricsPort }
      const metrics = await listen(() => serveMetrics(at, reading), at, 'METRICS_PORT')
      opened.use(metrics)
      log.info({ port: metrics.port }, 'metrics are served')
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}
