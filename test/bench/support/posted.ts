import { request } from 'node:http'
import type { Agent } from 'node:http'

export interface Posted {
  readonly status: number
  /** Null: it may not be tried again. */
  readonly retryAfterS: number | null
  readonly text: string
}

export interface PostOptions {
  readonly agent: Agent
  /** Own address on loopback: a server limits what one address may do (security.md 6), and real hubs have one each. */
  readonly from: string
  readonly headers: Readonly<Record<string, string>>
}

/** POSTs to a server on this machine from one of its many addresses. */
export const posted = (url: URL, body: string, { agent, from, headers }: PostOptions): Promise<Posted> => {
  const { promise, resolve, reject } = Promise.withResolvers<Posted>()
  const asked = request(url, { method: 'POST', headers, agent, localAddress: from }, (answer) => {
    const parts: Buffer[] = []
    answer.on('data', (part: Buffer) => parts.push(part))
    answer.once('error', reject)
    answer.once('end', () => {
      const after = answer.headers['retry-after']
      const retryAfterS = after === undefined ? null : Number(after)
      resolve({ status: answer.statusCode ?? 0, retryAfterS, text: Buffer.concat(parts).toString() })
    })
  })
  asked.once('error', reject)
  asked.end(body)
  return promise
}
