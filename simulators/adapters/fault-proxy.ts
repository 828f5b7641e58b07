import { connect, createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import { SimulatorError } from '../core/errors.ts'
import type { FlowFaults, NetworkFaults, ProxyCounts } from '../core/faults/network.ts'
import { seededRandom, type Random } from '../core/random.ts'

const noCounts = (): ProxyCounts => ({
  connections: 0,
  mostOpen: 0,
  bytesToServer: 0,
  bytesToClient: 0,
  flippedBits: 0,
  resets: 0,
  lostAnswers: 0,
  swallowedBytes: 0,
})

/** The longest request is cut somewhere in these first bytes. */
const resetWithinBytes = 60_000

/** One direction of one connection: chunks in, in order, each at its time. */
class Flow {
  readonly #to: Socket
  readonly #random: Random
  readonly #faults: () => FlowFaults
  readonly #counts: ProxyCounts
  readonly #onTheWay: { readonly due: number; readonly arrive: () => void }[] = []
  #freeAt = 0
  #timer: NodeJS.Timeout | null = null

  constructor(to: Socket, random: Random, faults: () => FlowFaults, counts: ProxyCounts) {
    this.#to = to
    this.#random = random
    this.#faults = faults
    this.#counts = counts
  }

  push(chunk: Buffer): void {
    const { pieceBytes = chunk.length } = this.#faults()
    for (let from = 0; from < chunk.length; from += pieceBytes) this.#pass(chunk.subarray(from, from + pieceBytes))
  }

  /** The other side has said all it had to say. */
  end(): void {
    this.#send(this.#freeAt, () => this.#to.end())
  }

  drop(): void {
    clearTimeout(this.#timer ?? undefined)
    this.#onTheWay.length = 0
  }

  #pass(piece: Buffer): void {
    const { delayMs = [0, 0], bytesPerSecond = Infinity, flip = 0, stall = false } = this.#faults()
    if (stall) {
      this.#counts.swallowedBytes += piece.length
      return
    }
    const bytes = flip > 0 ? this.#flipped(piece, flip) : piece
    const arrives = performance.now() + this.#random.between(...delayMs)
    // Nothing overtakes what went before, and a narrow line takes its time.
    this.#freeAt = Math.max(arrives, this.#freeAt) + (piece.length / bytesPerSecond) * 1_000
    this.#send(this.#freeAt, () => this.#to.write(bytes))
  }

  #flipped(piece: Buffer, share: number): Buffer {
    const bytes = Buffer.from(piece)
    for (let at = 0; at < bytes.length; at += 1) {
      if (this.#random.next() >= share) continue
      bytes[at] = (bytes[at] ?? 0) ^ (1 << this.#random.whole(0, 7))
      this.#counts.flippedBits += 1
    }
    return bytes
  }

  #send(due: number, arrive: () => void): void {
    this.#onTheWay.push({ due, arrive })
    if (this.#timer === null) this.#deliver()
  }

  #deliver(): void {
    this.#timer = null
    for (let next = this.#onTheWay[0]; next !== undefined; next = this.#onTheWay[0]) {
      const wait = next.due - performance.now()
      if (wait > 0) {
        this.#timer = setTimeout(() => this.#deliver(), wait)
        return
      }
      this.#onTheWay.shift()
      next.arrive()
    }
  }
}

/**
 * A TCP proxy on loopback that treats what passes as the faults of the moment say. The same seed gives the same faults to the same
 * bytes; when they come is the network's business.
 */
export class FaultProxy implements AsyncDisposable {
  readonly counts = noCounts()
  readonly port: number
  #faults: NetworkFaults = {}
  readonly #server: Server
  readonly #random: Random
  readonly #target: { readonly host: string; readonly port: number }
  readonly #pairs = new Set<readonly [client: Socket, server: Socket | null]>()

  private constructor(server: Server, target: { readonly host: string; readonly port: number }, seed: number) {
    this.#server = server
    this.#target = target
    this.#random = seededRandom(seed)
    const address = server.address()
    this.port = address !== null && typeof address === 'object' ? address.port : 0
    server.on('connection', (client) => this.#serve(client))
  }

  /** `port` 0 takes a free one. Rejects with `SIM_PORT_TAKEN`. */
  static async start(
    target: { readonly host: string; readonly port: number },
    seed: number,
    port = 0,
  ): Promise<FaultProxy> {
    const server = createServer({ allowHalfOpen: true })
    await new Promise<void>((resolve, reject) => {
      server.once('error', (cause) =>
        reject(new SimulatorError('SIM_PORT_TAKEN', `Cannot listen on 127.0.0.1:${port}: ${cause.message}`, { cause })),
      )
      server.listen(port, '127.0.0.1', resolve)
    })
    return new FaultProxy(server, target, seed)
  }

  /** From now on, for open connections too, except what is decided when a connection begins. */
  set(faults: NetworkFaults): void {
    this.#faults = faults
  }

  /** Connections that are open now. */
  get open(): number {
    return this.#pairs.size
  }

  /** Every open connection is reset. */
  resetAll(): void {
    for (const pair of this.#pairs) this.#reset(pair)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve))
    this.resetAll()
    await closed
  }

  #serve(client: Socket): void {
    this.counts.connections += 1
    client.setNoDelay(true)
    const { silentAccept = false, resetInRequest = 0 } = this.#faults
    if (silentAccept) {
      const pair = [client, null] as const
      this.#keep(pair)
      client.on('error', () => {}).on('close', () => this.#pairs.delete(pair))
      client.on('data', (chunk) => (this.counts.swallowedBytes += chunk.length))
      return
    }
    const server = connect({ ...this.#target, allowHalfOpen: true, noDelay: true })
    const pair = [client, server] as const
    this.#keep(pair)
    const toServer = new Flow(
      server,
      this.#random.fork(`${this.counts.connections}>`),
      () => this.#faults.toServer ?? {},
      this.counts,
    )
    const toClient = new Flow(
      client,
      this.#random.fork(`${this.counts.connections}<`),
      () => this.#faults.toClient ?? {},
      this.counts,
    )
    let resetAfter = this.#random.next() < resetInRequest ? this.#random.whole(1, resetWithinBytes) : Infinity
    client.on('data', (chunk: Buffer) => {
      this.counts.bytesToServer += chunk.length
      toServer.push(chunk.subarray(0, resetAfter))
      resetAfter -= chunk.length
      if (resetAfter <= 0) this.#reset(pair)
    })
    server.on('data', (chunk: Buffer) => {
      this.counts.bytesToClient += chunk.length
      if (this.#random.next() < (this.#faults.loseAnswer ?? 0)) {
        this.counts.lostAnswers += 1
        this.#reset(pair)
      } else toClient.push(chunk)
    })
    client.on('end', () => toServer.end())
    server.on('end', () => toClient.end())
    const gone = (): void => {
      toServer.drop()
      toClient.drop()
      client.destroy()
      server.destroy()
      this.#pairs.delete(pair)
    }
    for (const socket of pair) socket.on('error', gone).on('close', gone)
  }

  #keep(pair: readonly [Socket, Socket | null]): void {
    this.#pairs.add(pair)
    this.counts.mostOpen = Math.max(this.counts.mostOpen, this.#pairs.size)
  }

  #reset([client, server]: readonly [Socket, Socket | null]): void {
    this.counts.resets += 1
    client.resetAndDestroy()
    server?.resetAndDestroy()
  }
}
