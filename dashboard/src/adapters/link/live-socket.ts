import type { Socket } from 'socket.io-client'
import {
  Canary,
  CommandReply,
  LiveHeartbeat,
  LiveTelemetry,
  LiveUpdate,
  PathProven,
  SnapshotPart,
  TooManyScreens,
  liveEvents,
  liveProtocolVersion,
} from '#domain/live/messages.ts'
import type { At, Hello, LiveCommand } from '#domain/live/messages.ts'
import type { PumpId } from '#domain/ids.ts'
import { Page } from '#domain/paging/page.ts'
import { ServerClock } from '#dashboard/core/server-clock.ts'
import { linkLook, sleepSeen } from '#dashboard/core/freshness.ts'
import { ReceiptOutbox } from '#dashboard/core/receipt-outbox.ts'
import type { CommandResult, FromWorker, ToWorker } from '#dashboard/core/worker-protocol.ts'
import { ShownPicture } from './shown-picture.ts'
import { Redial } from './redial.ts'

const tickMs = 1_000
const commandTimeoutMs = 3_000
/** A command without an answer is sent again on the next connection up to this age, then the nurse is asked. */
const commandRetryMs = 10_000

/** Also where a page is no secure context and `randomUUID` does not exist. */
const stationId = (): string =>
  [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, '0')).join('')

interface PendingCommand {
  readonly command: LiveCommand
  readonly since: number
}

/** The socket, the folded picture behind it, and the watchdog that decides how live this page is. */
export class LiveSocket {
  readonly #tell: (message: FromWorker) => void
  readonly #build: string
  #line: Redial | null = null
  #heardAt: number | null = null
  #watch: readonly PumpId[] = []
  #resyncing = false
  #duty: Hello['duty'] = null
  /** What is watched changed while a snapshot was told. */
  #owesHello = false
  /** When the server last said anything. */
  #toldAt = 0
  #startedAt = 0
  readonly #receipts = new ReceiptOutbox(stationId())
  #pending: ReadonlyMap<string, PendingCommand> = new Map()
  readonly #clock = new ServerClock()
  readonly #picture: ShownPicture
  #lastLook = { wallMs: Date.now(), monotonicMs: performance.now() }

  constructor(build: string, tell: (message: FromWorker) => void) {
    this.#build = build
    this.#tell = tell
    this.#picture = new ShownPicture(tell, this.#clock)
    setInterval(() => this.#tick(), tickMs)
  }

  connect(): void {
    if (this.#line !== null) return
    this.#startedAt = performance.now()
    const line = new Redial(() => {
      // What was asked on the old socket is answered by nobody.
      this.#resyncing = false
      this.#hello(this.#picture.at)
      for (const { command, since } of this.#pending.values())
        if (performance.now() - since < commandRetryMs) this.#emitCommand(command)
    })
    this.#line = line
    this.#receive(line.socket)
  }

  disconnect(): void {
    this.#line?.end()
    this.#line = null
    this.#picture.forget()
    this.#heardAt = null
    this.#pending = new Map()
    this.#receipts.clear()
  }

  /** The page's messages that concern the socket. */
  handle(message: Exclude<ToWorker, { kind: 'request' }>): void {
    switch (message.kind) {
      case 'connect':
        return this.connect()
      case 'disconnect':
        return this.disconnect()
      case 'watch':
        this.#watch = message.pumpIds
        // Subscriptions are state: they travel with `hello`, and nothing else changes by saying it again.
        if (this.#socket?.connected !== true) return
        // A hello in the middle of a snapshot would begin it anew.
        if (this.#resyncing || this.#picture.isGathering) this.#owesHello = true
        else this.#hello(this.#picture.at)
        return
      case 'shown':
        return this.#picture.show(new Set(message.pumpIds))
      case 'station':
        this.#duty = message.station.duty
        this.#socket?.volatile.emit(liveEvents.station, { ...message.station, build: this.#build })
        return
      case 'canary-heard':
        this.#socket
          ?.timeout(commandTimeoutMs)
          .emit(liveEvents.canaryHeard, message.heard, (error: Error | null, raw: unknown) => {
            const proven = error === null ? PathProven.safeParse(raw) : null
            if (proven?.success === true) this.#tell({ kind: 'path-proven', proven: proven.data })
          })
        return
      case 'receipt':
        this.#receipts.add(message.parcel)
        return this.#sendReceipts()
      case 'command':
        this.#pending = new Map(this.#pending).set(message.command.requestId, {
          command: message.command,
          since: performance.now(),
        })
        if (this.#socket?.connected === true) this.#emitCommand(message.command)
    }
  }

  get attempt(): number {
    return this.#line?.attempt ?? 0
  }

  online(): void {
    this.#line?.online()
  }

  get #socket(): Socket | null {
    return this.#line?.socket ?? null
  }

  #receive(socket: Socket): void {
    const on = (event: string, take: (raw: unknown, acknowledge: unknown) => void): void => {
      socket.on(event, (raw: unknown, acknowledge: unknown) => {
        this.#wakeUp()
        this.#toldAt = performance.now()
        if (socket.connected) take(raw, acknowledge)
      })
    }
    on(liveEvents.snapshot, (raw: unknown, acknowledge: unknown) => {
      const parsed = SnapshotPart.safeParse(raw)
      if (!parsed.success) return this.#resync()
      if (parsed.data.part === 0) this.#resyncing = false
      const followed = this.#picture.part(parsed.data)
      if (typeof acknowledge === 'function') acknowledge()
      if (!followed) return this.#resync()
      if (parsed.data.whole && this.#owesHello) this.#hello(this.#picture.at)
    })
    on(liveEvents.update, (raw: unknown) => {
      const parsed = LiveUpdate.safeParse(raw)
      if (!parsed.success || !this.#picture.update(parsed.data)) this.#resync()
    })
    on(liveEvents.telemetry, (raw: unknown) => {
      const parsed = LiveTelemetry.safeParse(raw)
      if (parsed.success) this.#picture.telemetry(parsed.data)
    })
    on(liveEvents.heartbeat, (raw: unknown) => {
      const parsed = LiveHeartbeat.safeParse(raw)
      if (!parsed.success || this.#picture.isWaiting) return
      if (!this.#picture.equals(parsed.data)) return this.#resync()
      // Only a heartbeat whose picture is ours makes the page live.
      this.#heardAt = performance.now()
      this.#clock.hear(parsed.data.serverAt, this.#heardAt)
      if (this.#line !== null) this.#line.attempt = 0
      this.#tell({ kind: 'beat', serverAt: parsed.data.serverAt, build: parsed.data.build })
    })
    on(liveEvents.page, (raw: unknown, acknowledge: unknown) => {
      const parsed = Page.safeParse(raw)
      if (!parsed.success) return
      this.#tell({ kind: 'page', page: parsed.data })
      if (typeof acknowledge === 'function') acknowledge()
    })
    on(liveEvents.canary, (raw: unknown) => {
      const parsed = Canary.safeParse(raw)
      if (parsed.success) this.#tell({ kind: 'canary', canary: parsed.data })
    })
    on(liveEvents.otherProtocol, () => this.#tell({ kind: 'other-protocol' }))
    on(liveEvents.tooManyScreens, (raw: unknown) => {
      const parsed = TooManyScreens.safeParse(raw)
      if (parsed.success) this.#tell({ kind: 'too-many-screens', most: parsed.data.most })
    })
    on(liveEvents.keepsNothing, () => this.#tell({ kind: 'keeps-nothing' }))
    on(liveEvents.sessionEnded, () => {
      this.disconnect()
      this.#tell({ kind: 'session-ended' })
    })
  }

  #hello(at: At | null): void {
    this.#owesHello = false
    const hello: Hello = {
      at,
      build: this.#build,
      protocol: liveProtocolVersion,
      watch: [...this.#watch],
      duty: this.#duty,
    }
    this.#socket?.emit(liveEvents.hello, hello)
  }

  #resync(): void {
    if (this.#resyncing) return
    this.#resyncing = true
    this.#hello(null)
  }

  #emitCommand(command: LiveCommand): void {
    const socket = this.#socket
    if (socket === null) return
    socket.timeout(commandTimeoutMs).emit(liveEvents.command, command, (error: Error | null, raw: unknown) => {
      if (!this.#pending.has(command.requestId)) return
      const reply = error === null ? CommandReply.safeParse(raw) : null
      if (reply?.success === true) this.#settle(command.requestId, reply.data)
    })
  }

  #sendReceipts(): void {
    const socket = this.#socket
    if (socket?.connected !== true) return
    for (const kind of ['audible', 'viewed'] as const) {
      const notice = this.#receipts.next(kind)
      if (notice === null) continue
      socket.timeout(commandTimeoutMs).emit(liveEvents.receipt, notice, (error: Error | null) => {
        if (error !== null) return this.#receipts.unanswered(notice)
        this.#receipts.acknowledged(notice)
        this.#sendReceipts()
      })
    }
  }

  #settle(requestId: string, result: CommandResult): void {
    const pending = new Map(this.#pending)
    pending.delete(requestId)
    this.#pending = pending
    this.#tell({ kind: 'command-result', requestId, result })
  }

  #tick(): void {
    this.#wakeUp()
    const now = { wallMs: Date.now(), monotonicMs: performance.now() }
    for (const [requestId, { since }] of this.#pending)
      if (now.monotonicMs - since > commandRetryMs) this.#settle(requestId, { outcome: 'lost' })
    // The page counts on it, also while nobody is signed in: its own timers stand still when it is hidden.
    if (this.#line === null) return this.#tellTick(null, now.monotonicMs)
    this.#sendReceipts()
    this.#picture.look()
    const heardAgeMs = this.#heardAt === null ? null : now.monotonicMs - this.#heardAt
    // A snapshot on a slow line is a sign of life, too.
    this.#line.watch(this.#picture.isGathering ? now.monotonicMs - this.#toldAt : heardAgeMs)
    this.#tellTick(heardAgeMs, now.monotonicMs)
  }

  #tellTick(heardAgeMs: number | null, nowMs: number): void {
    const look = linkLook(heardAgeMs, nowMs - this.#startedAt)
    this.#tell({ kind: 'tick', status: { look, heardAgeMs, attempt: this.attempt } })
  }

  /** Looked at before anything else happens: after sleep, what waits on the old socket is of then. */
  #wakeUp(): void {
    const now = { wallMs: Date.now(), monotonicMs: performance.now() }
    const slept = sleepSeen(this.#lastLook, now, tickMs)
    this.#lastLook = now
    if (slept === null || this.#line === null) return
    this.#heardAt = this.#heardAt === null ? null : this.#heardAt - slept.unseenMs
    this.#clock.forget()
    this.#tell({ kind: 'asleep', unseenMs: slept.unseenMs })
    // An attempt that is under way brings a new picture by itself; broken off at every late tick, a busy computer would never get through.
    if (this.#socket?.connected === true) this.#line.again()
  }
}
