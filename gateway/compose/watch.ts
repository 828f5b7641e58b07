import { lookEveryMs, Watchdog } from '../core/watchdog.ts'
import type { Logger } from 'pino'
import type { Clock, Scheduler } from '#domain/time.ts'
import type { Lane } from '#domain/uplink/records.ts'
import type { SystemdNotify } from '../adapters/systemd-notify.ts'
import type { Outbox, OutboxDepth } from '../core/ports.ts'
import type { WatchedPart } from '../core/progress.ts'
import type { Upload } from './upload.ts'

/** An fsync of 5 s, several of them behind each other, is slow and no standstill. */
const outboxLimitMs = 30_000
/** Opening a port is given up after 5 s over TCP; a serial driver may take its time. */
const loopLimitMs = 60_000
/** A reply may take 10 s, a refused hub waits 36 s on purpose. */
const uplinkLimitMs = 90_000

export interface WatchDeps {
  readonly outbox: Pick<Outbox, 'depth'>
  /** Loops that never rest, by name: ports, the MQTT pumps, the hub's own alarm. */
  readonly loops: ReadonlyMap<string, { readonly turns: number }>
  readonly upload: Upload
  readonly supervisor: SystemdNotify
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly log: Logger
}

/** What the watchdog looks at, and whom it tells. */
export const watchdog = ({ outbox, loops, upload, supervisor, clock, scheduler, log }: WatchDeps): Watchdog => {
  let asking = false
  let answers = 0
  let depth: OutboxDepth | null = null
  const probe = (): void => {
    if (asking) return
    asking = true
    outbox
      .depth()
      .then(
        (answer) => (depth = answer),
        () => null,
      )
      .finally(() => {
        asking = false
        answers += 1
      })
  }
  const { heartbeat, lanes } = upload
  const serverAnswers = (): boolean => heartbeat.beats > 0 && heartbeat.trouble === null
  const laneParts = (lane: Lane): readonly WatchedPart[] => {
    const forwarder = lanes[lane]
    return [
      {
        name: `${lane} lane`,
        turns: () => forwarder.turns,
        idle: () => forwarder.turns === 0 || forwarder.resting,
        limitMs: uplinkLimitMs,
      },
      {
        name: `${lane} lane's settling`,
        turns: () => {
          const { delivered, refused, retried } = forwarder.report()
          return delivered + refused + retried
        },
        idle: () => (depth?.[lane].rows ?? 0) === 0 || !serverAnswers() || forwarder.report().trouble !== null,
        limitMs: uplinkLimitMs,
      },
    ]
  }
  return new Watchdog({
    parts: [
      { name: 'outbox', turns: () => answers, limitMs: outboxLimitMs },
      ...[...loops].map(([name, loop]) => ({ name, turns: () => loop.turns, limitMs: loopLimitMs })),
      // Not paired: nothing to beat for.
      { name: 'heartbeat', turns: () => heartbeat.turns, idle: () => heartbeat.turns === 0, limitMs: uplinkLimitMs },
      ...laneParts('alarm'),
      ...laneParts('telemetry'),
    ],
    clock,
    scheduler,
    everyMs: supervisor.watchdogMs === null ? lookEveryMs : supervisor.watchdogMs / 3,
    probe,
    feed: () => supervisor.feed(),
    stuckChanged: (stuck) => {
      const names = stuck.map(({ name }) => name)
      if (names.length === 0) log.warn('every part gets on again')
      else
        log.fatal({ stuck: names }, 'part stands still: the watchdog is not fed, a supervisor will start the hub anew')
      supervisor.status(names.length === 0 ? 'works' : `stands still: ${names.join(', ')}`)
    },
  })
}
