import type { Server as HttpServer } from 'node:http'
import { Server } from 'socket.io'
import type { Socket } from 'socket.io'
import { Hello, liveEvents, liveProtocolVersion, liveRequests } from '#domain/live/messages.ts'
import type { At, LiveChange, LiveUpdate } from '#domain/live/messages.ts'
import type { PumpId } from '#domain/ids.ts'
import type { Cancel, Clock, Scheduler } from '#domain/time.ts'
import type { Accounts, Identity } from '#server/core/accounts.ts'
import type { DeskOf } from '#server/core/alarm-desk.ts'
import { lookAt } from '#server/core/audit-sightings.ts'
import type { AuditSightings } from '#server/core/audit-sightings.ts'
import type { OpenPages } from '#server/core/channels/dashboard-channel.ts'
import type { LivePicture } from '#server/core/live-picture.ts'
import type { Log } from '#server/core/log.ts'
import { OpenScreens } from '#server/core/open-screens.ts'
import type { PagingDesk } from '#server/core/paging/paging-desk.ts'
import type { Stations } from '#server/core/path/stations.ts'
import type { LiveFeed } from '#server/core/ports.ts'
import type { ScopeBook } from '#server/core/scope-book.ts'
import type { WallView } from '#server/core/wall-view.ts'
import { WallViews } from '#server/core/wall-views.ts'
import { cutOff, waitingOn } from './backlog.ts'
import { newLiveFeedCounters } from './counters.ts'
import type { LiveFeedCounters } from './counters.ts'
import { floodGuard } from './flood-guard.ts'
import { Follower, roomOf } from './follower.ts'
import { handshakes } from './handshake.ts'
import { liveFeedLimits } from './limits.ts'
import type { LiveFeedLimits } from './limits.ts'
import { pageClients } from './page-clients.ts'
import { pageRequests } from './page-requests.ts'

export interface LiveFeedDependencies {
  readonly server: HttpServer
  readonly picture: LivePicture
  readonly accounts: Accounts
  readonly scopes: Pick<ScopeBook, 'sight'>
  readonly deskOf: DeskOf
  readonly notices: Pick<PagingDesk, 'noticed'>
  readonly stations: Pick<Stations, 'open' | 'sessionEnded'>
  readonly sightings: Pick<AuditSightings, 'saw'>
  /** Asked at each handshake: the port may be chosen late. */
  readonly origins: () => readonly string[]
  /** Whether what happens is kept: without that nobody is watched. */
  readonly keeps: () => boolean
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly build: string
  readonly log: Log
  readonly limits?: Partial<LiveFeedLimits>
}

export interface SocketioLiveFeed extends LiveFeed, OpenPages {
  /** Pumps, hubs or teams changed hands: every wall shows what is its own by now. */
  rescope(): void
  /** Sessions, roles and teams of everybody, now; rejects when they could not be read. */
  recheck(): Promise<void>
  /** What a page may say here. */
  readonly requests: readonly string[]
  readonly counters: Readonly<LiveFeedCounters>
  readonly clients: number
}

interface Client {
  readonly socket: Socket
  identity: Identity
  readonly follower: Follower
}

/**
 * The live feed on socket.io, web sockets only. Correctness is snapshot plus numbered updates; the library's own recovery
 * is off and its queues are bounded by dropping the slow client, who comes back and gets a snapshot.
 */
export const createSocketioLiveFeed = (deps: LiveFeedDependencies): SocketioLiveFeed => {
  const { picture, accounts, scopes, clock, scheduler, log } = deps
  const limits = { ...liveFeedLimits, ...deps.limits }
  const counters = newLiveFeedCounters()
  const requestsOf = pageRequests({ ...deps, counters })
  const clients = new Set<Client>()
  const views = new WallViews({ picture, clock })
  const waitingPumps = new Set<PumpId>()
  const timers = new Map<string, Cancel>()
  let closed = false

  const screens = new OpenScreens(limits.screens, clock)
  const { origins, keeps } = deps
  const door = handshakes({ accounts, origins, screens, counters, clock, log, isClosed: () => closed })

  const io = new Server(deps.server, {
    transports: ['websocket'],
    serveClient: false,
    perMessageDeflate: false,
    maxHttpBufferSize: 16 * 1024,
    connectTimeout: 5000,
    pingInterval: 10_000,
    pingTimeout: 10_000,
    allowRequest: (request, answer) => void door.answer(request, answer),
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
      else if (client.follower.isStuck) drop(client, 'dropped-slow')
    }
  }

  /** Says why, then hangs up. */
  const dismiss = (client: Client, reason: keyof LiveFeedCounters, word: string): void => {
    if (!clients.delete(client)) return
    counters[reason] += 1
    client.socket.emit(word)
    client.socket.disconnect(true)
  }

  const endSession = (client: Client): void => {
    if (clients.has(client)) deps.stations.sessionEnded(client.identity.sessionHash)
    dismiss(client, 'ended-session', liveEvents.sessionEnded)
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
    const { follower } = client
    if (build !== deps.build && !follower.isFollowing)
      log.info({ userId: client.identity.userId, build, duty }, 'a page of another build follows')
    follower.hello(parsed.data.at)
    if (follower.view.sight.labels) void deps.sightings.saw([lookAt(client.identity.userId, 'list:wall')])
  }

  const send = (view: WallView, update: LiveUpdate | null): void => {
    if (update !== null) io.to(roomOf(view)).emit(liveEvents.update, update)
  }

  io.on('connection', (socket) => {
    const caller = door.callerOf(socket.request)
    if (caller === null || closed) {
      socket.disconnect(true)
      return
    }
    const { identity, screen } = caller
    if (screen.isOver || !keeps()) {
      // Handed to the network first: what is queued is lost by hanging up.
      socket.conn.once('drain', () => setImmediate(() => cutOff(socket.conn)))
      if (screen.isOver) socket.emit(liveEvents.tooManyScreens, { most: limits.screens })
      else {
        counters['dropped-storage'] += 1
        socket.emit(liveEvents.keepsNothing)
      }
      return
    }
    socket.conn.on('packet', () => screen.heard())
    const view = views.for(scopes.sight(identity, 'live.view'))
    const follower = new Follower(socket, view, clock)
    const client: Client = { socket, identity, follower }
    clients.add(client)
    const { userId, name, sessionHash } = identity
    const seat = deps.stations.open({ userId, name }, sessionHash, (canary) => {
      if (follower.isFollowing) socket.emit(liveEvents.canary, canary)
    })

    const isFlood = floodGuard(limits.eventsPerSecond, clock)
    socket.use((_packet, next) => {
      if (isFlood()) drop(client, 'dropped-flood')
      else next()
    })

    socket.on('error', (error) => log.warn({ err: error }, 'live feed socket error'))
    socket.on('disconnect', () => {
      clients.delete(client)
      follower.end()
      seat.left()
    })
    const heard = requestsOf(client, seat, (message) => hello(client, message))
    for (const request of liveRequests)
      socket.on(request, (message: unknown, acknowledge: unknown) =>
        heard[request](message, (reply) => {
          if (typeof acknowledge === 'function') acknowledge(reply)
        }),
      )
  })

  const recheck = async (): Promise<void> => {
    for (const client of clients) {
      const identity = await accounts.recheck(client.identity.sessionHash)
      if (identity === null || identity.role !== client.identity.role) endSession(client)
      else {
        client.identity = identity
        client.follower.look(views.for(scopes.sight(identity, 'live.view')))
      }
    }
    views.keep(new Set([...clients].map(({ follower }) => follower.view)))
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
    if (!keeps()) for (const client of clients) dismiss(client, 'dropped-storage', liveEvents.keepsNothing)
    dropSlow()
    for (const view of views.all())
      io.to(roomOf(view)).emit(liveEvents.heartbeat, { ...view.heartbeat(), build: deps.build })
  })
  every('recheck', limits.recheckMs, () => {
    recheck().catch((error: unknown) => log.error({ err: error }, 'sessions of live clients could not be checked'))
  })

  return {
    counters,
    get clients() {
      return clients.size
    },

    requests: liveRequests,

    recheck,

    rescope() {
      if (closed) return
      for (const view of views.all()) send(view, view.rescope())
    },

    publish(_at: At, changes: readonly LiveChange[]) {
      if (closed) return
      for (const view of views.all()) send(view, view.take(changes))
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
          for (const view of views.all()) {
            const samples = view.samples(waitingPumps)
            if (samples.length > 0)
              io.to(roomOf(view)).volatile.emit(liveEvents.telemetry, { serverAt: clock.now(), samples })
          }
          waitingPumps.clear()
        }),
      )
    },

    async page(userId, page, limitMs) {
      const own = [...clients].filter(({ identity, follower }) => follower.isFollowing && identity.userId === userId)
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
