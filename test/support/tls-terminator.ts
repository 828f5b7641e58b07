import { createServer as createHttpsServer } from 'node:https'
import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Made } from './certificates.ts'

export interface TlsTerminator extends AsyncDisposable {
  readonly url: URL
  /** Paths of requests that came through. */
  readonly seen: readonly string[]
  readonly handshakes: () => number
  /** Shows another certificate from the next connection on. */
  show(certificate: Made): void
}

/** TLS in front of a server that speaks HTTP on loopback, as a reverse proxy is: `Host` and body pass as they are. */
export const startTlsTerminator = async (target: () => number, made: Made, port = 0): Promise<TlsTerminator> => {
  const seen: string[] = []
  let handshakes = 0
  const server = createHttpsServer(
    { key: made.key, cert: made.certificate, minVersion: 'TLSv1.3' },
    (incoming, outgoing) => {
      seen.push(incoming.url ?? '')
      const { method, url: path, headers } = incoming
      const onward = request({ host: '127.0.0.1', port: target(), method, path, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(outgoing)
      })
      onward.on('error', () => outgoing.destroy())
      incoming.pipe(onward)
    },
  )
  server.on('secureConnection', () => (handshakes += 1))
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    url: new URL(`https://localhost:${(server.address() as AddressInfo).port}`),
    seen,
    handshakes: () => handshakes,
    show: ({ key, certificate }) => server.setSecureContext({ key, cert: certificate, minVersion: 'TLSv1.3' }),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
