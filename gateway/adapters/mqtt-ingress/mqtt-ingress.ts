import { createServer } from 'node:net'
import { Duplex } from 'node:stream'
import { createServer as createTlsServer } from 'node:tls'
import { Aedes } from 'aedes'
import { messageOf } from '../../core/errors.ts'
import { authenticateWithinMs, Door, PumpAllowance, waitingTogether } from '../../core/mqtt-limits.ts'
import { pause } from '../../core/waiting.ts'
import { brokerLimits, BrokerRules } from './broker-rules.ts'
import { Caller } from './caller.ts'
import { ConnectRules } from './connect-rules.ts'
import { Doorman } from './doorman.ts'
import { homeAddress } from './home-address.ts'
import { introduce } from './introduction.ts'
import { PacketGuard } from './packet-guard.ts'
import { PumpSecrets } from './pump-secrets.ts'
import { Refused } from './refused.ts'
import type { Client } from 'aedes'
import type { Server, Socket } from 'node:net'
import type { PumpId } from '#domain/ids.ts'
import type { Clock, Scheduler } from '#domain/time.ts'
import type { MqttReceiver } from '../../core/mqtt-receiver.ts'
import type { MqttRefusal } from '../../core/mqtt-refusal.ts'

export interface MqttIngressOptions {
  /** An address, or the name of a network interface whose address is taken. */
  readonly host: string
  readonly port: number
  /** Asked for key and certificate (PEM) each time it starts to listen; null = without TLS. */
  readonly tls: (() => Promise<{ readonly key: string; readonly cert: string }>) | null
  /** SHA-256 of each listed pump's secret; null = may come without one. */
  readonly secrets: ReadonlyMap<PumpId, Uint8Array | null>
  /** Lets in pumps that are not listed. Only for a listener on loopback. */
  readonly anonymous: boolean
  readonly receiver: MqttReceiver
  readonly clock: Pick<Clock, 'monotonic'>
  readonly scheduler: Scheduler
  /** Told once per change: null = listening. */
  readonly troubleChanged: (trouble: string | null) => void
  /** Told for each refusal: whoever logs it says it sparingly. */
  readonly refused: (refusal: MqttRefusal, detail: string) => void
}

const relistenMs = 2_000
/** A home's router may give the hub another address. */
const lookAgainMs = 10_000

/** The hub's own MQTT broker: pumps publish, nobody else listens. */
export class MqttIngress implements AsyncDisposable {
  readonly #options: MqttIngressOptions
  readonly #broker: Aedes
  readonly #connectRules: ConnectRules
  readonly #server: Server
  #useIdentity: () => Promise<void> = async () => {}
  readonly #door = new Door()
  /** Whom the door let in last: its connection arrives in the same call. */
  #letIn: string | null = null
  readonly #sockets = new Set<Socket>()
  /** Those that have not shown who they are, by both ends of the TCP connection; the first has waited longest. */
  readonly #waiting = new Map<string, Caller>()
  readonly #served = new WeakMap<Client, { readonly caller: Caller; readonly guard: PacketGuard }>()

  private constructor(options: MqttIngressOptions, broker: Aedes) {
    this.#options = options
    this.#broker = broker
    this.#server = this.#newServer()
    this.#server.on('error', () => {
      // Listening failed: `run` sees it and tries again.
    })
    const { receiver, clock } = options
    const allowance = new PumpAllowance()
    const secrets = new PumpSecrets(options.secrets, options.anonymous)
    this.#connectRules = new ConnectRules({ receiver, clock, secrets, allowance })
    const callerOf = (client: Client): Caller | undefined => this.#served.get(client)?.caller
    new BrokerRules({ receiver, clock, allowance, callerOf }).applyTo(broker)
    broker.on('clientReady', (client) => this.#served.get(client)?.guard.admit())
  }

  static async create(options: MqttIngressOptions): Promise<MqttIngress> {
    return new MqttIngress(options, await Aedes.createBroker(brokerLimits))
  }

  /** The port in use, or null while it does not listen. */
  get port(): number | null {
    const address = this.#server.address()
    return typeof address === 'object' && address !== null ? address.port : null
  }

  /** Listens, and tries again for ever while the port is taken or the address has moved. Ends when `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { scheduler, receiver, host } = this.#options
    let told: string | undefined
    let bound: string | null = null
    while (!signal.aborted) {
      const wanted = homeAddress(host)
      if (this.#server.listening && wanted !== bound) await this.#stopListening()
      const trouble = this.#server.listening ? null : await this.#listen(wanted)
      if (trouble === null) bound = wanted
      if (trouble !== told) {
        told = trouble ?? undefined
        receiver.listening(trouble)
        this.#options.troubleChanged(trouble)
      }
      await pause(scheduler, trouble === null ? lookAgainMs : relistenMs, signal)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = this.#stopListening()
    await new Promise<void>((resolve) => this.#broker.close(() => resolve()))
    await closed
  }

  #newServer(): Server {
    const { tls } = this.#options
    const options = {
      blockList: new Doorman((address) => this.#knock(address)),
      // A receipt that waits for the pump's TCP to confirm the one before it would be 40 ms late.
      noDelay: true,
    }
    if (tls === null) {
      const server = createServer(options)
      server.on('connection', (socket) => {
        const caller = this.#arrived(socket)
        if (caller !== null) this.#introduce(socket, caller)
      })
      return server
    }
    // Small pumps often have no TLS 1.3; they get 1.3 whenever they can.
    const server = createTlsServer({ ...options, handshakeTimeout: authenticateWithinMs })
    this.#useIdentity = async () => server.setSecureContext({ ...(await tls()), minVersion: 'TLSv1.2' })
    server.on('connection', (socket: Socket) => this.#arrived(socket))
    server.on('secureConnection', (socket) => {
      const caller = this.#waiting.get(endsOf(socket))
      if (caller === undefined) socket.destroy()
      else this.#introduce(socket, caller)
    })
    server.on('tlsClientError', (error, socket) => {
      const gone = 'code' in error && error.code === 'ECONNRESET'
      if (!gone) this.#waiting.get(endsOf(socket))?.refuse('tlsFailed', error.message)
      socket.destroy()
    })
    return server
  }

  async #listen(address: string | null): Promise<string | null> {
    const { host, port } = this.#options
    if (address === null) return `network interface ${host} has no address yet`
    try {
      await this.#useIdentity()
    } catch (error) {
      return messageOf(error)
    }
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
      this.#server.listen(port, address)
    })
  }

  #stopListening(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    for (const socket of this.#sockets) socket.destroy()
    return closed
  }

  /** Whether a caller is sent away before it costs a socket. */
  #knock(address: string): boolean {
    const refusal = this.#door.knock(address, this.#options.clock.monotonic())
    this.#letIn = refusal === null ? address : null
    if (refusal !== null) this.#refused(refusal, address)
    return refusal !== null
  }

  /** A TCP connection, before anything is read from it. Null: gone again before it could be asked who it is. */
  #arrived(socket: Socket): Caller | null {
    const { scheduler } = this.#options
    const ends = endsOf(socket)
    const address = this.#letIn
    this.#letIn = null
    if (address === null) {
      this.#options.receiver.count('leftUnnamed')
      socket.destroy()
      return null
    }
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
    const caller: Caller = new Caller(
      {
        address,
        socket,
        refused: (refusal, detail) => this.#refused(refusal, detail),
        decided: (passed) => {
          this.#waiting.delete(ends)
          if (passed) return this.#door.passed(address)
          this.#door.left(address)
          // A pump with another CA looks like this.
          if (!caller.isRefused) this.#options.receiver.count('leftUnnamed')
        },
      },
      (task) => scheduler.after(authenticateWithinMs, task),
    )
    const [longest] = this.#waiting.values()
    if (this.#waiting.size >= waitingTogether) longest?.refuse('tooManyWaiting', address)
    this.#waiting.set(ends, caller)
    return caller
  }

  #introduce(socket: Socket, caller: Caller): void {
    socket.on('error', (error) => {
      if ('code' in error && String(error.code).startsWith('ERR_SSL')) caller.blame('tlsFailed', error.message)
    })
    introduce(socket, {
      judge: (connect) => this.#connectRules.judge(connect, caller),
      believed: () => this.#serve(socket, caller),
      refused: (refusal, detail) => caller.blame(refusal, detail),
    })
  }

  #serve(socket: Socket, caller: Caller): void {
    const { clock, scheduler } = this.#options
    const guard = new PacketGuard(clock, scheduler)
    guard.on('error', (error) => {
      socket.destroy()
      if (error instanceof Refused) caller.blame(error.refusal, error.message)
    })
    socket.on('error', () => guard.destroy())
    socket.on('close', () => guard.end())
    socket.pipe(guard)
    this.#served.set(this.#broker.handle(Duplex.from({ readable: guard, writable: socket })), { caller, guard })
  }

  #refused(refusal: MqttRefusal, detail: string): void {
    const { receiver, refused } = this.#options
    receiver.count(refusal)
    receiver.count('refusedClients')
    refused(refusal, detail)
  }
}

const endsOf = (socket: Socket): string => `${socket.remoteAddress} ${socket.remotePort}`
