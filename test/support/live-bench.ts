import type { Socket } from 'socket.io-client'
import { io } from 'socket.io-client'
import {
  Hello,
  LiveHeartbeat,
  LiveSnapshot,
  LiveTelemetry,
  LiveUpdate,
  SnapshotPart,
  liveEvents,
  liveProtocolVersion,
} from '#domain/live/messages.ts'
import type { At, CommandReply, LiveCommand, PageNotice } from '#domain/live/messages.ts'
import type { UserId } from '#domain/ids.ts'
import { createSocketioLiveFeed } from '#server/adapters/live-feed/socketio-live-feed.ts'
import type { LiveFeedLimits } from '#server/adapters/live-feed/limits.ts'
import { followTeams } from '#server/compose/assignments.ts'
import type { WallAssignments } from '#server/core/assignments.ts'
import { defaultPathPolicy } from '#domain/path/overdue.ts'
import { Stations } from '#server/core/path/stations.ts'
import { eventually } from './eventually.ts'
import { openServerBench, testOrigin } from './server-bench.ts'

/** A client that keeps what it was sent, parsed. */
export class LiveClient {
  readonly parts: SnapshotPart[] = []
  readonly #partsBefore = new Map<string, number>()
  readonly snapshots: LiveSnapshot[] = []
  readonly updates: LiveUpdate[] = []
  readonly heartbeats: LiveHeartbeat[] = []
  readonly telemetry: LiveTelemetry[] = []
  sessionEnded = false
  keepsNothing = false
  refused: string | null = null
  disconnected: string | null = null
  readonly socket: Socket

  constructor(url: string, headers: Record<string, string>) {
    this.socket = io(url, { transports: ['websocket'], reconnection: false, forceNew: true, extraHeaders: headers })
    this.socket.on('connect_error', (error) => {
      this.refused = error.message
    })
    this.socket.on('disconnect', (reason) => {
      this.disconnected = reason
    })
    this.socket.on(liveEvents.snapshot, (body: unknown, acknowledge: () => void) => {
      this.#keep(SnapshotPart.parse(body))
      acknowledge()
    })
    this.socket.on(liveEvents.update, (body) => {
      const update = LiveUpdate.parse(body)
      this.updates.push(update)
      for (const change of update.changes)
        if (change.kind === 'alarm') this.#partsBefore.set(change.alarm.episodeId, this.parts.length)
    })
    this.socket.on(liveEvents.heartbeat, (body) => this.heartbeats.push(LiveHeartbeat.parse(body)))
    this.socket.on(liveEvents.telemetry, (body) => this.telemetry.push(LiveTelemetry.parse(body)))
    this.socket.on(liveEvents.keepsNothing, () => {
      this.keepsNothing = true
    })
    this.socket.on(liveEvents.sessionEnded, () => {
      this.sessionEnded = true
    })
  }

  /** How many parts of a snapshot had come when an update told of this alarm. */
  partsBefore(episodeId: string): number | undefined {
    return this.#partsBefore.get(episodeId)
  }

  /** Whole ones only. */
  #keep(part: SnapshotPart): void {
    this.parts.push(part)
    if (!part.whole) return
    const parts = this.parts.slice(this.parts.findLastIndex((one) => one.part === 0))
    this.snapshots.push(
      LiveSnapshot.parse({
        ...part,
        alarms: parts.flatMap(({ alarms }) => alarms),
        paged: parts.flatMap(({ paged }) => paged),
        pumps: parts.flatMap(({ pumps }) => pumps),
        hubs: parts.flatMap(({ hubs }) => hubs),
      }),
    )
  }

  hello(at: At | null, protocol: number = liveProtocolVersion): void {
    this.socket.emit(liveEvents.hello, Hello.parse({ at, build: 'test', protocol, watch: [] }))
  }

  command(command: LiveCommand): Promise<CommandReply> {
    return this.socket.timeout(5000).emitWithAck(liveEvents.command, command)
  }
}

/** The live feed on a real server and real sockets; its timers are driven by the manual clock. */
export const openLiveBench = async (
  options: { limits?: Partial<LiveFeedLimits>; assignments?: WallAssignments; keeps?: () => boolean } = {},
) => {
  const bench = await openServerBench(options.assignments === undefined ? {} : { assignments: options.assignments })
  const notices: [UserId, PageNotice][] = []
  let canaries = 0
  const stations = new Stations({
    proofs: { personProven: async () => {} },
    policy: defaultPathPolicy,
    clock: bench.clock,
    newId: () => `canary-${(canaries += 1)}`,
    log: bench.log,
  })
  const feed = createSocketioLiveFeed({
    stations,
    sightings: bench.sightings,
    server: bench.app.server,
    picture: bench.picture,
    accounts: bench.accounts,
    scopes: bench.scopes,
    deskOf: bench.alarms.deskOf,
    notices: { noticed: async (userId, notice) => void notices.push([userId, notice]) },
    origins: () => [testOrigin],
    clock: bench.clock,
    scheduler: bench.clock,
    keeps: options.keeps ?? (() => true),
    build: 'test',
    log: bench.log,
    limits: options.limits ?? {},
  })
  bench.picture.publishTo(feed)
  followTeams(feed, { assignments: bench.book, onCall: bench.onCall, log: bench.log })
  bench.app.addHook('preClose', () => feed[Symbol.asyncDispose]())
  const url = await bench.app.listen({ port: 0, host: '127.0.0.1' })
  const clients: LiveClient[] = []
  const connect = (cookie: string, origin = testOrigin): LiveClient => {
    const client = new LiveClient(url, { cookie, origin })
    clients.push(client)
    return client
  }
  return {
    ...bench,
    /** What stations said of pages. */
    notices,
    stations,
    feed,
    url,
    connect,
    /** Connected and holding its first snapshot. */
    follow: async (cookie: string, at: At | null = null): Promise<LiveClient> => {
      const client = connect(cookie)
      await eventually(() => client.socket.connected)
      client.hello(at)
      await eventually(() => client.snapshots.length + client.updates.length > 0)
      return client
    },
    close: async (): Promise<void> => {
      for (const client of clients) client.socket.disconnect()
      await bench.close()
    },
  }
}

export type LiveBench = Awaited<ReturnType<typeof openLiveBench>>
