/** One request to a service outside: a push service, a hook, a watchdog. */
export interface OutgoingRequest {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array | null
}

/** Why nothing was answered. Closed list: it is counted and shown. */
export type OutgoingFailure =
  /** Not https, or a host that is not allowed. */
  | 'bad-address'
  /** The name stands for an address of a private network. */
  | 'private-address'
  | 'no-such-host'
  | 'unreachable'
  /** Certificate or handshake. */
  | 'tls'
  | 'reset'
  /** What came back is not HTTP. */
  | 'bad-answer'

export type OutgoingAnswer =
  /** `retryAfterMs` from `Retry-After`, 0 to 3 600 000. Bodies are not read. */
  | { readonly is: 'answered'; readonly status: number; readonly retryAfterMs: number | null }
  | { readonly is: 'failed'; readonly reason: OutgoingFailure }
  | { readonly is: 'timed-out' }

/** The only way out for pages. Rules of addresses: security.md 8. */
export interface Outgoing {
  /** Never rejects and answers within 5 s. Redirects are answers, not followed. */
  send(request: OutgoingRequest): Promise<OutgoingAnswer>
  /** Whether the other side can be reached and proves who it is, without asking it for anything. Null: yes. Within 5 s. */
  reach(url: string): Promise<OutgoingFailure | 'timed-out' | null>
  /** Whether `send` would try this URL at all; the address behind its name is checked when it is used. */
  allows(url: string): boolean
}
