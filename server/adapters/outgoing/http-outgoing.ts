import { lookup } from 'node:dns/promises'
import type { LookupAddress } from 'node:dns'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { connect as tcpConnect, isIP } from 'node:net'
import type { LookupFunction, Socket } from 'node:net'
import { connect as tlsConnect } from 'node:tls'
import type { Clock, Scheduler } from '#domain/time.ts'
import type { Outgoing, OutgoingAnswer, OutgoingFailure, OutgoingRequest } from '#server/core/outgoing.ts'
import { within } from '#server/core/within.ts'
import { isPublicAddress } from './addresses.ts'
import { failureOf } from './failures.ts'
import { retryAfterMs } from './retry-after.ts'

export const outgoingTimeoutMs = 5_000

export interface HttpOutgoingOptions {
  readonly clock: Clock
  readonly scheduler: Scheduler
  /** `host` or `host:port` that may be spoken to by http and on private addresses. */
  readonly trustedHosts: readonly string[]
  /** PEM of authorities beside the public ones. */
  readonly ca?: string
}

/** Where a request goes once its name is known: exactly these addresses, whatever the name says a moment later. */
interface Way {
  readonly url: URL
  readonly host: string
  readonly addresses: readonly LookupAddress[]
}

class Refused extends Error {
  readonly reason: OutgoingFailure

  constructor(reason: OutgoingFailure) {
    super(reason)
    this.reason = reason
  }
}

const reasonOf = (error: unknown): OutgoingFailure => (error instanceof Refused ? error.reason : failureOf(error))

/** HTTP to services outside (security.md 8): https, public addresses checked after the name was resolved, no redirects, no body read. */
export const createHttpOutgoing = (options: HttpOutgoingOptions): Outgoing => {
  const { clock, scheduler, ca } = options
  const trusted = ({ host, hostname }: URL): boolean =>
    options.trustedHosts.some((entry) => entry === host || entry === hostname)

  const allowed = (address: string): URL | null => {
    const url = URL.parse(address)
    if (url === null || url.username !== '' || url.password !== '') return null
    if (trusted(url)) return url.protocol === 'https:' || url.protocol === 'http:' ? url : null
    return url.protocol === 'https:' ? url : null
  }

  const wayTo = async (address: string): Promise<Way> => {
    const url = allowed(address)
    if (url === null) throw new Refused('bad-address')
    const host = url.hostname.replace(/^\[|\]$/g, '')
    const family = isIP(host)
    const addresses = family === 0 ? await lookup(host, { all: true }) : [{ address: host, family }]
    // One private address among public ones is a trick, too.
    if (!trusted(url) && !addresses.every((entry) => isPublicAddress(entry.address)))
      throw new Refused('private-address')
    return { url, host, addresses }
  }

  /** Never rejects. After 5 s the signal closes what `work` holds. */
  const bounded = <T>(
    work: (signal: AbortSignal) => Promise<T>,
    late: T,
    failed: (error: unknown) => T,
  ): Promise<T> => {
    const controller = new AbortController()
    return within(
      scheduler,
      outgoingTimeoutMs,
      () => work(controller.signal).catch(failed),
      () => {
        controller.abort()
        return late
      },
    )
  }

  const exchange = (
    way: Way,
    { method, headers, body }: OutgoingRequest,
    signal: AbortSignal,
  ): Promise<OutgoingAnswer> =>
    new Promise((resolve, reject) => {
      const ask = way.url.protocol === 'https:' ? httpsRequest : httpRequest
      const sending = ask(way.url, {
        method,
        headers: {
          'user-agent': 'infusion-watch',
          ...headers,
          ...(body === null ? {} : { 'content-length': byteLength(body) }),
        },
        agent: false,
        lookup: only(way.addresses),
        signal,
        maxHeaderSize: 16 * 1024,
        ...(ca === undefined ? {} : { ca }),
      })
      sending.on('error', reject)
      sending.on('response', (response) => {
        response.on('error', () => undefined)
        const after = retryAfterMs(response.headers['retry-after'], clock.now())
        resolve({ is: 'answered', status: response.statusCode ?? 0, retryAfterMs: after })
        response.destroy()
      })
      sending.end(body ?? undefined)
    })

  const handshake = (way: Way, signal: AbortSignal): Promise<null> =>
    new Promise((resolve, reject) => {
      const { url, host, addresses } = way
      const secure = url.protocol === 'https:'
      const where = { host, port: Number(url.port === '' ? (secure ? 443 : 80) : url.port), lookup: only(addresses) }
      const name = isIP(host) === 0 ? { servername: host } : {}
      const socket: Socket = secure
        ? tlsConnect({ ...where, ...name, ...(ca === undefined ? {} : { ca }) })
        : tcpConnect(where)
      signal.addEventListener('abort', () => socket.destroy())
      socket.on('error', reject)
      socket.on(secure ? 'secureConnect' : 'connect', () => {
        socket.destroy()
        resolve(null)
      })
      socket.on('close', () => reject(new Refused('reset')))
    })

  return {
    allows: (url) => allowed(url) !== null,
    send: (request) =>
      bounded<OutgoingAnswer>(
        async (signal) => exchange(await wayTo(request.url), request, signal),
        { is: 'timed-out' },
        (error) => ({ is: 'failed', reason: reasonOf(error) }),
      ),
    reach: (url) =>
      bounded<OutgoingFailure | 'timed-out' | null>(
        async (signal) => handshake(await wayTo(url), signal),
        'timed-out',
        reasonOf,
      ),
  }
}

const byteLength = (body: string | Uint8Array): string =>
  String(typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength)

/** Answers a socket's question for a name with what was checked before. */
const only =
  (addresses: readonly LookupAddress[]): LookupFunction =>
  (_, wanted, answer) => {
    const [first] = addresses
    if (wanted.all === true) answer(null, [...addresses])
    else answer(null, first?.address ?? '', first?.family ?? 4)
  }
