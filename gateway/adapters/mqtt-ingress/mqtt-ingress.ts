import { createHash, timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:net'
import { Duplex } from 'node:stream'
import { Aedes } from 'aedes'
import { PumpId } from '#domain/ids.ts'
import { messageOf } from '../../core/errors.ts'
import { mqttKinds } from '../../core/mqtt-pump.ts'
import { pause } from '../../core/waiting.ts'
import { PacketGuard, PacketRefused } from './packet-guard.ts'
import type { AuthenticateError, Client } from 'aedes'
import type { Server, Socket } from 'node:net'
import type { Scheduler } from '#domain/time.ts'
import type { MqttKind } from '../../core/mqtt-pump.ts'

/** What the broker tells and asks; the fleet of MQTT pumps stands behind it. */
export interface MqttReceiver {
  readonly isFull: boolean
  has(pumpId: PumpId): boolean
  connected(pumpId: PumpId): void
  disconnected(pumpId: PumpId): void
  /** Resolves when the message is durable; only then does the pump get its acknowledgement. */
  message(pumpId: PumpId, kind: MqttKind, payload: Uint8Array): Promise<void>
  count(counter: string): void
  listening(trouble: string | null): void
}

export interface MqttIngressOptions {
  readonly host: string
  readonly port: number
  /** Known pumps; null = may come without a secret. */
  readonly secrets: ReadonlyMap<PumpId, string | null>
  /** Lets in pumps that are not listed. Only for a listener on loopback. */
  readonly anonymous: boolean
  readonly receiver: MqttReceiver
  readonly scheduler: Scheduler
  /** Told once per change: null = listening. */
  readonly troubleChanged: (trouble: string | null) => void
  readonly clientRefused: (why: string) => void
}

/** security.md 3. */
const limits = {
  connectTimeout: 5_000,
  keepaliveLimit: 120,
  drainTimeout: 10_000,
  concurrency: 100,
  maxInflightInbound: 100,
  queueLimit: 42,
  maxTopicLevels: 5,
} as const

const relistenMs = 2_000
const sha256 = (text: string | Buffer): Buffer => createHash('sha256').update(text).digest()

/** A connection that simply ended: the fleet hears of it by its disconnect. */
const isGoneAway = (error: Error): boolean =>
  error.name === 'AbortError' ||
  ('code' in error && ['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'].includes(String(error.code)))

const parseTopic = (topic: string): { readonly id: string; readonly kind: MqttKind } | null => {
  const [root, id, last, ...rest] = topic.split('/')
  const kind = mqttKinds.find((kind) => kind === last)
  return root === 'pumps' && id !== undefined && kind !== undefined && rest.length === 0 ? { id, kind } : null
}

/** The hub's own MQTT broker: pumps publish, nobody else listens. */
export class MqttIngress implements AsyncDisposable {
  readonly #options: MqttIngressOptions
  readonly #broker: Aedes
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  /** The connection that speaks for a pump now; an older one of the same pump is no longer believed. */
  readonly #current = new Map<PumpId, Client>()

  private constructor(options: MqttIngressOptions, broker: Aedes) {
    this.#options = options
    this.#broker = broker
    this.#server = createServer((socket) => this.#accept(socket))
    this.#server.on('error', () => {
      // Listening failed: `run` sees it and tries again.
    })
    this.#wire()
  }

  static async create(options: MqttIngressOptions): Promise<MqttIngress> {
    return new MqttIngress(options, await Aedes.createBroker(limits))
  }

  /** The port in use, or null while it does not listen. */
  get port(): number | null {
    const address = this.#server.address()
    return typeof address === 'object' && address !== null ? address.port : null
  }

  /** Listens, and tries again for ever while the port is taken. Ends when `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { scheduler, receiver } = this.#options
    let told: string | undefined
    while (!signal.aborted) {
      const trouble = this.#server.listening ? null : await this.#listen()
      if (trouble !== told) {
        told = trouble ?? undefined
        receiver.listening(trouble)
        this.#options.troubleChanged(trouble)
      }
      await pause(scheduler, trouble === null ? 3_600_000 : relistenMs, signal)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    for (const socket of this.#sockets) socket.destroy()
    await new Promise<void>((resolve) => this.#broker.close(() => resolve()))
    await closed
  }

  #listen(): Promise<string | null> {
    const { host, port } = this.#options
    return new Promise((resolve) => {
      const failed = (error: Error): void => {
        this.#server.off('listening', listening)
        const inUse = 'code' in error && error.code === 'EADDRINUSE'
        resolve(inUse ? `port ${port} is in use by another program` : `cannot listen: ${error.message}`)
      }
      const listening = (): void => {
        this.#server.off('error', failed)
        resolve(null)
      }
      this.#server.once('error', failed)
      this.#server.once('listening', listening)
      this.#server.listen(port, host)
    })
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
    const guard = new PacketGuard()
    guard.on('error', (error) => {
      socket.destroy()
      if (!(error instanceof PacketRefused)) return
      this.#options.receiver.count('over')
      this.#options.clientRefused(error.message)
    })
    socket.on('error', () => guard.destroy())
    socket.on('close', () => guard.end())
    socket.pipe(guard)
    this.#broker.handle(Duplex.from({ readable: guard, writable: socket }))
  }

  #wire(): void {
    const broker = this.#broker
    const { receiver } = this.#options
    broker.preConnect = (_client, packet, done) => {
      const level = packet.protocolVersion
      if (level !== 4) done(new Error(`MQTT protocol level ${String(level)}, only 3.1.1 is spoken`), false)
      else if (packet.clientId === '') done(new Error('a client without an id'), false)
      else done(null, true)
    }
    broker.authenticate = (client, username, password, done) => {
      const why = this.#whyNot(client.id, username, password)
      if (why === null) return done(null, true)
      this.#refused(why)
      const refusal: AuthenticateError = Object.assign(new Error('refused'), { returnCode: 5 })
      done(refusal, false)
    }
    // The one hook before the acknowledgement: it leaves when this calls back, and never when it calls back with an error.
    broker.authorizePublish = (client, packet, done) => {
      packet.retain = false
      if (client === null) return done(new Error('nobody else publishes here'))
      const topic = parseTopic(packet.topic)
      const pumpId = PumpId.safeParse(client.id)
      if (topic === null || !pumpId.success || topic.id !== pumpId.data) {
        receiver.count('foreignTopic')
        this.#refused(`${client.id} publishes to a topic that is not its own`)
        return done(new Error('not your topic'))
      }
      // The will of a connection that was replaced says nothing about the new one.
      const current = this.#current.get(pumpId.data)
      if (current !== undefined && current !== client) return done(null)
      if (packet.qos === 0) receiver.count('qos0')
      void this.#store(pumpId.data, topic.kind, Buffer.from(packet.payload), done)
    }
    broker.authorizeSubscribe = (client, subscription, done) => {
      const own = subscription.topic === `pumps/${client.id}/cmd`
      done(null, own ? subscription : null)
    }
    broker.authorizeForward = (client, packet) => (packet.topic.startsWith(`pumps/${client.id}/`) ? packet : null)
    broker.on('clientReady', (client) => {
      const pumpId = PumpId.safeParse(client.id)
      if (!pumpId.success) return
      this.#current.set(pumpId.data, client)
      receiver.connected(pumpId.data)
    })
    broker.on('clientDisconnect', (client) => {
      const pumpId = PumpId.safeParse(client.id)
      if (pumpId.success && this.#current.get(pumpId.data) === client) receiver.disconnected(pumpId.data)
    })
    const failed = (_client: Client, error: Error): void => {
      if (!isGoneAway(error)) this.#refused(messageOf(error))
    }
    broker.on('clientError', failed)
    broker.on('connectionError', failed)
  }

  async #store(
    pumpId: PumpId,
    kind: MqttKind,
    payload: Uint8Array,
    done: (error?: Error | null) => void,
  ): Promise<void> {
    const { receiver } = this.#options
    let failure: Error | null = null
    try {
      await receiver.message(pumpId, kind, payload)
    } catch (error) {
      receiver.count('notStored')
      failure = error instanceof Error ? error : new Error(messageOf(error))
    }
    done(failure)
  }

  #whyNot(clientId: string, username: string | undefined, password: Buffer | undefined): string | null {
    const { secrets, anonymous, receiver } = this.#options
    const pumpId = PumpId.safeParse(clientId)
    if (!pumpId.success) return 'a client id that is no pump id'
    const secret = secrets.get(pumpId.data)
    if (secret === undefined && !anonymous) return `unknown pump ${pumpId.data}`
    if (!receiver.has(pumpId.data) && receiver.isFull) return 'too many pumps'
    if (username !== undefined && username !== pumpId.data) return `${pumpId.data} with another user name`
    if (secret === undefined || secret === null) return null
    return timingSafeEqual(sha256(password ?? ''), sha256(secret)) ? null : `${pumpId.data} with a wrong secret`
  }

  #refused(why: string): void {
    this.#options.receiver.count('refusedClients')
    this.#options.clientRefused(why)
  }
}
