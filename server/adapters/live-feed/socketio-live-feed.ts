import type { IncomingMessage, Server as HttpServer } from 'node:http'
import { Server } from 'socket.io'
import type { Socket } from 'socket.io'
import {
  CanaryHeard,
  Hello,
  LiveCommand,
  PageNotice,
  Station,
  liveEvents,
  liveProtocolVersion,
} from '#domain/live/messages.ts'
import type { At, CommandReply, LiveChange, LiveUpdate } from '#domain/live/messages.ts'
import type { PumpId } from '#domain/ids.ts'
import type { Cancel, Clock, Scheduler } from '#domain/time.ts'
import { instant } from '#domain/time.ts'
import type { Accounts, Identity } from '#server/core/accounts.ts'
import type { AlarmDesk } from '#server/core/alarm-desk.ts'
import { lookAt, refusal } from '#server/core/audit-sightings.ts'
import type { AuditSightings } from '#server/core/audit-sightings.ts'
import type { OpenPages } from '#server/core/channels/dashboard-channel.ts'
import type { LivePicture } from '#server/core/live-picture.ts'
import { changesFor, snapshotFor } from '#server/core/live-views.ts'
import type { LiveAudience } from '#server/core/live-views.ts'
import type { Log } from '#server/core/log.ts'
import { may, mayAct } from '#server/core/permissions.ts'
import type { PagingDesk } from '#server/core/paging/paging-desk.ts'
import type { Stations } from '#server/core/path/stations.ts'
import type { LiveFeed } from '#server/core/ports.ts'
import { createUpdateRing } from '#server/core/update-ring.ts'
import { admit } from './admission.ts'
import { cutOff, waitingOn } from './backlog.ts'
import { newLiveFeedCounters } from './counters.ts'
import type { LiveFeedCounters } from './counters.ts'
import { floodGuard } from './flood-guard.ts'
import { pageClients } from './page-clients.ts'

export interface LiveFeedLimits {
  /** Waiting for one client; beyond it the client is dropped. */
  readonly packets: number
  readonly bytes: number
  readonly eventsPerSecond: number
  readonly heartbeatMs: number
  readonly telemetryMs: number
  readonly recheckMs: number
}

export const liveFeedLimits: LiveFeedLimits = {
  packets: 500,
  bytes: 1024 * 1024,
  eventsPerSecond: 20,
  heartbeatMs: 1000,
  telemetryMs: 250,
  recheckMs: 30_000,
}

export interface LiveFeedDependencies {
  readonly server: HttpServer
  readonly picture: LivePicture
  readonly accounts: Accounts
  readonly desk: Pick<AlarmDesk, 'act'>
  readonly notices: Pick<PagingDesk, 'noticed'>
  readonly stations: Pick<Stations, 'open' | 'sessionEnded'>
  readonly sightings: Pick<AuditSightings, 'saw'>
  /** Asked at each handshake: the port may be chosen late. */
  readonly origins: () => readonly string[]
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly build: string
  readonly log: Log
  readonly limits?: Partial<LiveFeedLimits>
}

export interface SocketioLiveFeed extends LiveFeed, OpenPages {
  readonly counters: Readonly<LiveFeedCounters>
  readonly clients: number
}

interface Client {
  readonly socket: Socket
  readonly audience: LiveAudience
  identity: Identity
  following: boolean
}

const rooms: Record<LiveAudience, string> = { labelled: 'labelled', unlabelled: 'unlabelled' }
const audiences = ['labelled', 'unlabelled'] as const

/**
 * The live feed on socket.io, web sockets only. Correctness is snapshot plus numbered updates; the library's own recovery
 * is off and its queues are bounded by dropping the slow client, who comes back and gets a snapshot.
 */
export const createSocketioLiveFeed = (deps: LiveFeedDependencies): SocketioLiveFeed => {
  const { picture, accounts, desk, clock, scheduler, log } = deps
  const limits = { ...liveFeedLimits, ...deps.limits }
  const counters = newLiveFeedCounters()
  const admitted = new WeakMap<IncomingMessage, Identity>()
  const clients = new Set<Client>()
  const ring = createUpdateRing()
  const waitingPumps = new Set<PumpId>()
  const timers = new Map<string, Cancel>()
  let closed = false

  const answerHandshake = async (
    request: IncomingMessage,
    answer: (refusal: string | null, allowed: boolean) => void,
  ): Promise<void> => {
    let refusal: string | null = 'unavailable'
    try {
      const admission = await admit(request, accounts, deps.origins())
      if ('refusal' in admission) {
        refusal = admission.refusal
        counters[admission.refusal] += 1
        log.info({ reason: refusal }, 'live feed refused a client')
      } else {
        refusal = null
        admitted.set(request, admission.identity)
      }
    } catch (error) {
      log.error({ err: error }, 'live feed could not check a client')
    }
    answer(refusal, refusal === null && !closed)
  }

  const io = new Server(deps.server, {
    transports: ['websocket'],
    serveClient: false,
    perMessageDeflate: false,
    maxHttpBufferSize: 16 * 1024,
    connectTimeout: 5000,
    pingInterval: 10_000,
    pingTimeout: 10_000,
    allowRequest: (request, answer) => void answerHandshake(request, answer),
  })

  const drop = (client: Client, reason: keyof LiveFeedCounters): void => {
    if (!clients.delete(client)) return
    counters[reason] += 1
    log.warn({ reason, userId: client.identity.userId }, 'live feed dropped a client')
    cutOff(client.socket.conn)
  }

  const dropSlow = (): void => {
    for (const client of clients) {
      const waiting = waitingOn(client.socket.conn)
      if (waiting.packets > limits.packets || waiting.bytes > limits.bytes) drop(client, 'dropped-slow')
    }
  }

  const endSession = (client: Client): void => {
    if (!clients.delete(client)) return
    counters['ended-session'] += 1
    deps.stations.sessionEnded(client.identity.sessionHash)
    client.socket.emit(liveEvents.sessionEnded)
    client.socket.disconnect(true)
  }

  const hello = (client: Client, message: unknown): void => {
    const parsed = Hello.safeParse(message)
    if (!parsed.success) {
      counters['refused-message'] += 1
      return
    }
    if (parsed.data.protocol !== liveProtocolVersion) {
      client.socket.emit(liveEvents.otherProtocol)
      drop(client, 'dropped-protocol')
      return
    }
    const { build, duty = null } = parsed.data
    if (build !== deps.build && !client.following)
      log.info({ userId: client.identity.userId, build, duty }, 'a page of another build follows')
    const { socket, audience } = client
    const missed = parsed.data.at === null ? null : ring.after(parsed.data.at, picture.at())
    if (missed === null) socket.emit(liveEvents.snapshot, snapshotFor(audience, picture.snapshot()))
    else
      for (const update of missed)
        socket.emit(liveEvents.update, { ...update, changes: changesFor(audience, update.changes) })
    client.following = true
    void socket.join(rooms[audience])
    if (audience === 'labelled') void deps.sightings.saw([lookAt(client.identity.userId, 'list:wall')])
  }

  const receipt = async ({ identity }: Client, message: unknown): Promise<void> => {
    const parsed = PageNotice.safeParse(message)
    if (!parsed.success) counters['refused-message'] += 1
    else if (may(identity.role, 'alarm.act')) await deps.notices.noticed(identity.userId, parsed.data)
    else counters['refused-role'] += 1
  }

  const command = async (client: Client, message: unknown): Promise<CommandReply> => {
    const parsed = LiveCommand.safeParse(message)
    if (!parsed.success) {
      counters['refused-message'] += 1
      return { outcome: 'refused', message: 'The command is not well formed.' }
    }
    const identity = await accounts.recheck(client.identity.sessionHash)
    if (identity === null || !mayAct(identity.role, parsed.data.kind)) {
      counters['refused-role'] += 1
      if (identity !== null)
        void deps.sightings.saw([refusal(identity.userId, `alarm.${parsed.data.kind}`, 'alarm.act')])
      return { outcome: 'refused', message: 'Your role cannot do this.' }
    }
    await accounts.active(identity.sessionHash, clock.now())
    const { userId, name, role } = identity
    const reply = await desk.act({ userId, name }, parsed.data, role)
    return reply.outcome === 'unknown' ? { outcome: 'refused', message: 'There is no such alarm.' } : reply
  }

  io.on('connection', (socket) => {
    const identity = admitted.get(socket.request)
    if (identity === undefined || closed) {
      socket.disconnect(true)
      return
    }
    const audience: LiveAudience = may(identity.role, 'label.view') ? 'labelled' : 'unlabelled'
    const client: Client = { socket, audience, identity, following: false }
    clients.add(client)
    const { userId, name, sessionHash } = identity
    const seat = deps.stations.open({ userId, name }, sessionHash, (canary) => {
      if (client.following) socket.emit(liveEvents.canary, canary)
    })

    const isFlood = floodGuard(limits.eventsPerSecond, clock)
    socket.use((_packet, next) => {
      if (isFlood()) drop(client, 'dropped-flood')
      else next()
    })

    socket.on('error', (error) => log.warn({ err: error }, 'live feed socket error'))
    socket.on('disconnect', () => {
      clients.delete(client)
      seat.left()
    })
    socket.on(liveEvents.hello, (message: unknown) => hello(client, message))
    socket.on(liveEvents.receipt, (message: unknown, acknowledge: unknown) => {
      // What has no meaning is acknowledged, too: saying it again would not give it one.
      receipt(client, message).then(
        () => (typeof acknowledge === 'function' ? acknowledge() : undefined),
        (error: unknown) => log.error({ err: error }, 'a receipt could not be stored'),
      )
    })
    socket.on(liveEvents.command, (message: unknown, acknowledge: unknown) => {
      const answer = typeof acknowledge === 'function' ? acknowledge : () => undefined
      command(client, message).then(
        (reply) => answer(reply),
        (error: unknown) => {
          log.error({ err: error }, 'live command failed')
          answer({ outcome: 'refused', message: 'The server could not store it. Try again.' } satisfies CommandReply)
        },
      )
    })
    socket.on(liveEvents.canaryHeard, (message: unknown, acknowledge: unknown) => {
      const parsed = CanaryHeard.safeParse(message)
      if (!parsed.success) counters['refused-message'] += 1
      const proven = parsed.success ? seat.heard(parsed.data) : null
      if (typeof acknowledge === 'function') acknowledge(proven)
    })
    socket.on(liveEvents.station, (message: unknown) => {
      const parsed = Station.safeParse(message)
      if (!parsed.success) {
        counters['refused-message'] += 1
        return
      }
      seat.said(parsed.data)
      const touchedAt = instant(clock.now() - parsed.data.lastInputAgeMs)
      accounts
        .active(client.identity.sessionHash, touchedAt)
        .catch((error: unknown) => log.warn({ err: error }, 'session activity could not be stored'))
    })
  })

  const recheck = async (): Promise<void> => {
    for (const client of clients) {
      const identity = await accounts.recheck(client.identity.sessionHash)
      if (identity === null || identity.role !== client.identity.role) endSession(client)
      else client.identity = identity
    }
  }

  const stopListening = accounts.onSessionEnd((sessionHash) => {
    deps.stations.sessionEnded(sessionHash)
    for (const client of clients) if (client.identity.sessionHash === sessionHash) endSession(client)
  })

  const every = (name: string, ms: number, task: () => void): void => {
    const again = (): void => {
      timers.set(
        name,
        scheduler.after(ms, () => {
          again()
          task()
        }),
      )
    }
    again()
  }

  every('heartbeat', limits.heartbeatMs, () => {
    dropSlow()
    io.to(Object.values(rooms)).emit(liveEvents.heartbeat, { ...picture.heartbeat(), build: deps.build })
  })
  every('recheck', limits.recheckMs, () => {
    recheck().catch((error: unknown) => log.error({ err: error }, 'sessions of live clients could not be checked'))
  })

  return {
    counters,
    get clients() {
      return clients.size
    },

    publish(at: At, changes: readonly LiveChange[]) {
      if (closed) return
      const update: LiveUpdate = { at, serverAt: clock.now(), changes: [...changes] }
      ring.push(update)
      for (const audience of audiences)
        io.to(rooms[audience]).emit(liveEvents.update, { ...update, changes: changesFor(audience, update.changes) })
      dropSlow()
    },

    telemetry(pumpIds) {
      if (closed) return
      for (const pumpId of pumpIds) waitingPumps.add(pumpId)
      if (timers.has('telemetry')) return
      timers.set(
        'telemetry',
        scheduler.after(limits.telemetryMs, () => {
          timers.delete('telemetry')
          const samples = picture.samples(waitingPumps)
          waitingPumps.clear()
          io.to(Object.values(rooms)).volatile.emit(liveEvents.telemetry, { serverAt: clock.now(), samples })
        }),
      )
    },

    async page(userId, page, limitMs) {
      const own = [...clients].filter(({ identity, following }) => following && identity.userId === userId)
      const open = own.length
      if (closed || open === 0) return { open: 0, answered: 0 }
      return {
        open,
        answered: await pageClients(
          own.map(({ socket }) => socket),
          page,
          limitMs,
          scheduler,
        ),
      }
    },

    async [Symbol.asyncDispose]() {
      if (closed) return
      closed = true
      stopListening()
      for (const cancel of timers.values()) cancel()
      timers.clear()
      // Not io.close(): the HTTP server is closed by its owner.
      for (const { socket } of clients) {
        socket.disconnect()
        cutOff(socket.conn)
      }
      clients.clear()
      io.engine.close()
    },
  }
}
