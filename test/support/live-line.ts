import { connect, createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'

/** What becomes of one message on its way to the page. Held: it comes after the next one. */
export type Treatment = 'pass' | 'drop' | 'twice' | 'hold'

/** As socket.io writes them: `42["update",{…}]` is an event, `431[{…}]` the answer to one of the page's; null: the library's own. */
const eventOf = (payload: string): string | null =>
  payload.startsWith('43') ? 'answer' : (/^42\d*\["([^"]+)"/.exec(payload)?.[1] ?? null)

interface Pair {
  readonly page: Socket
  /** Null: nobody answers. */
  readonly server: Socket | null
  /** Carries the live feed. */
  live: boolean
}

/**
 * The network between browsers and the server, on loopback: passes HTTP on as it is, knows the messages of a web socket one by one, and
 * can be cut, refuse, or fall silent without a word. Playwright cannot do this: it does not reach the sockets of workers.
 */
export class LiveLine implements AsyncDisposable {
  readonly url: string
  /** What to do with a message to the page, by its event; null: not one of ours. */
  treat: (event: string | null) => Treatment = () => 'pass'
  readonly counts = { passed: 0, dropped: 0, doubled: 0, held: 0 }
  /** When the server last agreed to a web socket, ms of `performance.now()`. */
  connectedAt = 0
  #target = 0
  #refusing = false
  #silent = false
  readonly #server: Server
  readonly #pairs = new Set<Pair>()

  private constructor(server: Server) {
    this.#server = server
    this.url = `http://localhost:${(server.address() as AddressInfo).port}`
    server.on('connection', (page) => this.#serve(page))
  }

  static async open(): Promise<LiveLine> {
    const server = createServer({ allowHalfOpen: true })
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
    return new LiveLine(server)
  }

  /** Where the server is. */
  leadTo(port: number): void {
    this.#target = port
  }

  /** Resets every socket, and every new one until `mend`. */
  cut(): void {
    this.#refusing = true
    for (const { page, server } of this.#pairs) {
      page.resetAndDestroy()
      server?.resetAndDestroy()
    }
  }

  /** Nothing passes, nothing closes, and whoever connects hears nothing. What was said meanwhile comes after `mend`, if anybody is left to hear it. */
  fallSilent(): void {
    this.#silent = true
    for (const { page, server } of this.#pairs) {
      page.pause()
      server?.pause()
    }
  }

  mend(): void {
    this.#refusing = false
    this.#silent = false
    this.treat = () => 'pass'
    for (const { page, server } of this.#pairs) {
      // Nobody answers on these: they were opened into the silence.
      if (server === null) page.resetAndDestroy()
      page.resume()
      server?.resume()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve))
    this.cut()
    await closed
  }

  #serve(page: Socket): void {
    if (this.#refusing) return void page.resetAndDestroy()
    const server = this.#silent ? null : connect({ host: 'localhost', port: this.#target, noDelay: true })
    const pair: Pair = { page, server, live: false }
    this.#pairs.add(pair)
    page.setNoDelay(true)
    const gone = (): void => {
      page.destroy()
      server?.destroy()
      this.#pairs.delete(pair)
    }
    for (const socket of [page, server]) socket?.on('error', gone).on('close', gone)
    page.on('data', (chunk: Buffer) => {
      pair.live ||= /\r\nupgrade: websocket\r\n/i.test(chunk.toString('latin1'))
      server?.write(chunk)
    })
    page.on('end', () => server?.end())
    server?.on('end', () => page.end())
    const messages = new Messages()
    let held: Buffer | null = null
    server?.on('data', (chunk: Buffer) => {
      if (!pair.live) return void page.write(chunk)
      for (const { bytes, payload } of messages.read(chunk)) {
        if (payload === null) this.connectedAt = performance.now()
        const treatment = payload === null ? 'pass' : this.treat(eventOf(payload))
        const waited: Buffer | null = held
        held = null
        switch (treatment) {
          case 'pass':
            this.counts.passed += 1
            page.write(bytes)
            break
          case 'twice':
            this.counts.doubled += 1
            page.write(Buffer.concat([bytes, bytes]))
            break
          case 'drop':
            this.counts.dropped += 1
            break
          case 'hold':
            this.counts.held += 1
            held = bytes
        }
        if (waited !== null) page.write(waited)
      }
    })
  }
}

const headEnd = '\r\n\r\n'

/** Cuts what a server says into the answer to the handshake (payload null) and whole messages (RFC 6455, 5.2: unmasked). */
class Messages {
  #rest: Buffer = Buffer.alloc(0)
  #open = false

  read(chunk: Buffer): { readonly bytes: Buffer; readonly payload: string | null }[] {
    this.#rest = Buffer.concat([this.#rest, chunk])
    const found: { bytes: Buffer; payload: string | null }[] = []
    for (;;) {
      const length = this.#open ? frameLength(this.#rest) : headLength(this.#rest)
      if (length === null || this.#rest.length < length.whole) return found
      const bytes = this.#rest.subarray(0, length.whole)
      found.push({ bytes, payload: this.#open ? bytes.subarray(length.head).toString('utf8') : null })
      this.#rest = this.#rest.subarray(length.whole)
      this.#open = true
    }
  }
}

const headLength = (bytes: Buffer): { readonly head: number; readonly whole: number } | null => {
  const end = bytes.indexOf(headEnd)
  return end === -1 ? null : { head: 0, whole: end + headEnd.length }
}

const frameLength = (bytes: Buffer): { readonly head: number; readonly whole: number } | null => {
  if (bytes.length < 2) return null
  const short = (bytes[1] ?? 0) & 0x7f
  const head = short === 127 ? 10 : short === 126 ? 4 : 2
  if (bytes.length < head) return null
  const payload = short === 127 ? Number(bytes.readBigUInt64BE(2)) : short === 126 ? bytes.readUInt16BE(2) : short
  return { head, whole: head + payload }
}
