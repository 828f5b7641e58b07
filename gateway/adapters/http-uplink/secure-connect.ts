import { isIP } from 'node:net'
import { connect } from 'node:tls'
import { pinOf } from './chain-check.ts'
import { datelessConnect } from './dateless-connect.ts'
import { identityCheck, sentChain } from './server-trust.ts'
import { askTime } from './time-probe.ts'
import type { Clock } from '#domain/time.ts'
import type { ConnectionOptions, TLSSocket } from 'node:tls'
import type { ServerTrust } from './server-trust.ts'

export interface Place {
  readonly host: string
  readonly port: number
}

const dateFaults: readonly unknown[] = ['CERT_NOT_YET_VALID', 'CERT_HAS_EXPIRED']

const isDateFault = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && dateFaults.includes(error.code)

/**
 * A TLS connection to the server, fully verified. When dates are what is wrong and our own clock is suspect, they are judged by the
 * server's time instead (security.md 2.4), which a connection of its own asks for if nobody has told it yet.
 */
export const secureConnect = async (
  place: Place,
  trust: ServerTrust,
  clock: Clock,
  signal: AbortSignal,
): Promise<TLSSocket> => {
  const options = optionsFor(place, trust)
  try {
    const socket = await untilAborted(signal, strictConnect(options, trust))
    const [leaf] = sentChain(socket.getPeerCertificate(true))
    if (leaf !== undefined) await trust.book.sawServerPin(pinOf(leaf))
    return socket
  } catch (error) {
    if (!isDateFault(error) || !trust.hubClock.isSuspect()) throw error
  }
  if (trust.serverTime.now() === null) await learnTime(options, trust, clock, signal)
  const now = trust.serverTime.now() ?? clock.now()
  return untilAborted(signal, datelessConnect(options, trust, { from: now, to: now }))
}

const learnTime = async (
  options: ReturnType<typeof optionsFor>,
  trust: ServerTrust,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> => {
  // Whatever the time is, it is not earlier than this.
  const from = trust.hubClock.lowerBound()
  const socket = await untilAborted(signal, datelessConnect(options, trust, { from, to: Number.MAX_SAFE_INTEGER }))
  const serverAt = await askTime(socket, options.host, signal)
  if (serverAt < from) throw new Error('the server’s clock is behind this hub’s last known time')
  trust.serverTime.learn(serverAt, clock.monotonic())
}

const optionsFor = ({ host, port }: Place, trust: ServerTrust) => ({
  host,
  port,
  // An address is no server name; the certificate is checked against it all the same.
  servername: isIP(host) === 0 ? host : '',
  minVersion: 'TLSv1.3' as const,
  ALPNProtocols: ['http/1.1'],
  checkServerIdentity: identityCheck(trust),
  ...(trust.roots === null ? {} : { ca: [...trust.roots] }),
})

const strictConnect = (options: ConnectionOptions, trust: ServerTrust): Promise<TLSSocket> => {
  const { promise, resolve, reject } = Promise.withResolvers<TLSSocket>()
  const host = options.host ?? ''
  // Without a server name Node would check the certificate against "localhost".
  const check = identityCheck(trust)
  const socket = connect({ ...options, checkServerIdentity: (_name, peer) => check(host, peer) })
  socket.once('error', reject)
  socket.once('secureConnect', () => {
    socket.off('error', reject)
    resolve(socket)
  })
  return promise
}

/** Nobody waits for a handshake that never ends; a socket that comes too late is closed. */
const untilAborted = async (signal: AbortSignal, connecting: Promise<TLSSocket>): Promise<TLSSocket> => {
  const { promise: given, reject } = Promise.withResolvers<never>()
  const giveUp = (): void => {
    reject(new Error('no connection in time'))
    connecting.then((socket) => socket.destroy()).catch(() => undefined)
  }
  signal.addEventListener('abort', giveUp, { once: true })
  if (signal.aborted) giveUp()
  try {
    return await Promise.race([connecting, given])
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}
