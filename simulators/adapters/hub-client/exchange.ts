import { Agent as HttpAgent, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { text } from 'node:stream/consumers'

const replyTimeoutMs = 10_000

export interface Reply {
  readonly status: number
  readonly retryAfterMs: number | null
  /** null: no JSON. */
  readonly body: unknown
}

/** Keep-alive connections of one lane: a lane never waits for another one's. */
export class Exchange implements Disposable {
  readonly #agent: HttpAgent
  readonly #isSecure: boolean

  constructor(server: URL) {
    this.#isSecure = server.protocol === 'https:'
    this.#agent = this.#isSecure ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true })
  }

  /** Rejects unless a whole reply comes within 10 s. */
  async post(
    url: URL,
    headers: Readonly<Record<string, string>>,
    body: Uint8Array,
    signal: AbortSignal,
  ): Promise<Reply> {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(replyTimeoutMs)])
    const { promise, resolve, reject } = Promise.withResolvers<Reply>()
    const options = {
      method: 'POST',
      agent: this.#agent,
      signal: limit,
      headers: { ...headers, 'content-length': body.byteLength },
    }
    const request = (this.#isSecure ? httpsRequest : httpRequest)(url, options, (message) => {
      const seconds = Number(message.headers['retry-after'] ?? NaN)
      text(message).then(
        (answer) =>
          resolve({
            status: message.statusCode ?? 0,
            retryAfterMs: seconds >= 0 ? seconds * 1000 : null,
            body: parse(answer),
          }),
        reject,
      )
    })
    request.on('error', reject)
    request.end(body)
    return promise
  }

  [Symbol.dispose](): void {
    this.#agent.destroy()
  }
}

const parse = (answer: string): unknown => {
  try {
    return JSON.parse(answer)
  } catch {
    return null
  }
}
