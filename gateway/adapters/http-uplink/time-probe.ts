import { request } from 'node:http'
import { ServerTimeReply } from '#domain/uplink/envelope.ts'
import type { TLSSocket } from 'node:tls'

const longestReply = 4096

/** Asks a server for its time and tells it nothing: no identity, no data. Ends the connection. Rejects when it does not answer. */
export const askTime = (socket: TLSSocket, host: string, signal: AbortSignal): Promise<number> => {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const asked = request({ host, path: '/hub/v1/time', signal, createConnection: () => socket })
  asked.once('error', reject)
  asked.once('response', (response) => {
    let text = ''
    response.setEncoding('utf8')
    response.on('data', (chunk: string) => {
      text += chunk
      if (text.length > longestReply) asked.destroy(new Error('the server’s time is too long'))
    })
    response.once('error', reject)
    response.once('end', () => {
      socket.destroy()
      try {
        resolve(ServerTimeReply.parse(JSON.parse(text)).serverTime)
      } catch {
        reject(new Error('the server does not tell its time'))
      }
    })
  })
  asked.end()
  return promise
}
