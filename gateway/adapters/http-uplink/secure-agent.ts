import { Agent } from 'node:https'
import { Duplex } from 'node:stream'
import { secureConnect } from './secure-connect.ts'
import type { AgentOptions, RequestOptions } from 'node:https'
import type { Clock } from '#domain/time.ts'
import type { ServerTrust } from './server-trust.ts'

/** Requests get a socket only once the server behind it is proven. No session is resumed: each connection is verified. */
export class SecureAgent extends Agent {
  readonly #trust: ServerTrust
  readonly #clock: Clock
  readonly #withinMs: number

  /** `withinMs`: for one connection, time probe included. */
  constructor(
    options: AgentOptions,
    { trust, clock, withinMs }: { readonly trust: ServerTrust; readonly clock: Clock; readonly withinMs: number },
  ) {
    super({ ...options, maxCachedSessions: 0 })
    this.#trust = trust
    this.#clock = clock
    this.#withinMs = withinMs
  }

  override createConnection(
    options: RequestOptions,
    connected?: (error: Error | null, socket: Duplex) => void,
  ): undefined {
    const place = { host: options.host ?? options.hostname ?? '', port: Number(options.port) }
    secureConnect(place, this.#trust, this.#clock, AbortSignal.timeout(this.#withinMs)).then(
      (socket) => connected?.(null, socket),
      // Beside an error Node looks at no socket.
      (error: Error) => connected?.(error, new Duplex()),
    )
  }
}
