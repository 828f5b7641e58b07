import { Agent as HttpAgent, request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { z } from 'zod'
import { GatewayError, messageOf } from '../../core/errors.ts'
import { tlsFault } from './tls-faults.ts'
import { SecureAgent } from './secure-agent.ts'
import type { ClientRequest, IncomingMessage } from 'node:http'
import type { Clock } from '#domain/time.ts'
import type { ServerTrust } from './server-trust.ts'

const connectTimeoutMs = 3_000
const replyTimeoutMs = 10_000
const maxReplyBytes = 1024 * 1024

export interface Reply {
  readonly status: number
  readonly retryAfterMs: number | null
  readonly body: unknown
}

/** Where the server is, and how it proves that it is the one. */
export interface Reach {
  readonly server: URL
  readonly trust: ServerTrust
  readonly clock: Clock
}

/** One keep-alive connection, so that what uses another one never stands in front. */
export class Channel implements Disposable {
  readonly #secure: boolean
  readonly #agent: HttpAgent

  constructor({ server, trust, clock }: Reach) {
    this.#secure = server.protocol === 'https:'
    const options = { keepAlive: true, maxSockets: 1, keepAliveMsecs: 10_000, timeout: connectTimeoutMs }
    this.#agent = this.#secure
      ? new SecureAgent(options, { trust, clock, withinMs: connectTimeoutMs })
      : new HttpAgent(options)
  }

  /**
   * POSTs JSON. Rejects with `GW_SERVER_UNPROVEN`, or with `GW_UPLINK_UNREACHABLE` unless a whole reply came within 10 s,
   * connecting included.
   */
  async post(
    url: URL,
    headers: Readonly<Record<string, string>>,
    body: Uint8Array,
    signal: AbortSignal,
  ): Promise<Reply> {
    const late = AbortSignal.timeout(replyTimeoutMs)
    try {
      return await this.#exchange(url, headers, body, AbortSignal.any([signal, late]))
    } catch (cause) {
      const unproven = tlsFault(cause)
      if (unproven !== null)
        throw new GatewayError('GW_SERVER_UNPROVEN', `${url.host} has not proven who it is: ${unproven}`, { cause })
      const why = late.aborted ? `no reply within ${replyTimeoutMs / 1_000} s` : messageOf(cause)
      throw new GatewayError('GW_UPLINK_UNREACHABLE', `${url.host} cannot be reached: ${why}`, { cause })
    }
  }

  [Symbol.dispose](): void {
    this.#agent.destroy()
  }

  #exchange(
    url: URL,
    headers: Readonly<Record<string, string>>,
    body: Uint8Array,
    signal: AbortSignal,
  ): Promise<Reply> {
    const { promise, resolve, reject } = Promise.withResolvers<Reply>()
    const options = {
      method: 'POST',
      agent: this.#agent,
      signal,
      headers: { ...headers, 'content-length': body.byteLength },
    }
    const answered = (message: IncomingMessage): void => {
      readReply(message).then(resolve, reject)
    }
    const request: ClientRequest = this.#secure
      ? httpsRequest(url, options, answered)
      : httpRequest(url, options, answered)
    request.on('error', reject)
    request.on('socket', (socket) => {
      if (!socket.connecting) return
      const timer = setTimeout(
        () => request.destroy(new Error(`no connection within ${connectTimeoutMs / 1_000} s`)),
        connectTimeoutMs,
      )
      socket.once('connect', () => clearTimeout(timer))
      socket.once('close', () => clearTimeout(timer))
    })
    request.end(body)
    return promise
  }
}

const readReply = async (message: IncomingMessage): Promise<Reply> => {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of message) {
    const bytes = Buffer.from(z.instanceof(Uint8Array).parse(chunk))
    size += bytes.length
    if (size > maxReplyBytes) throw new Error('the reply is too long')
    chunks.push(bytes)
  }
  return {
    status: message.statusCode ?? 0,
    retryAfterMs: retryAfterMs(message.headers['retry-after']),
    body: parseBody(Buffer.concat(chunks).toString('utf8')),
  }
}

const parseBody = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Seconds only: a date would be read by a clock that may be wrong. */
const retryAfterMs = (header: string | undefined): number | null => {
  const seconds = Number(header)
  return header !== undefined && Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds, 3_600) * 1_000 : null
}
