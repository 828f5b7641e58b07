import { connect } from 'node:tls'
import { chainFault } from './chain-check.ts'
import { rootsOf, sentChain } from './server-trust.ts'
import type { ConnectionOptions, TLSSocket } from 'node:tls'
import type { ServerTrust } from './server-trust.ts'

/** A server that our own check refuses. */
export class ChainRefused extends Error {
  readonly code = 'GW_CHAIN_REFUSED'
}

const sentences = {
  'unknown-root': 'no root of this hub vouches for the certificate',
  'wrong-host': 'the certificate is for another name',
  'wrong-purpose': 'the certificate is not one for servers',
  weak: 'a key or signature of the chain is too weak',
  'not-pinned': 'the clock is wrong, and the server does not show the key it had; set the clock or give server.pins',
  dates: 'the certificate is out of date by the server’s own time',
} as const

/**
 * Connects while our clock cannot judge dates. Node verifies at the time of the process only, and reports a wrong date in place
 * of any other fault, so its judgement is not used here at all: signatures up to a root, purpose, host name, pinned key and dates
 * at `from` … `to` are checked by `chainFault`, before the socket is handed to anybody. Resolves with a socket on which nothing
 * has been sent yet. The one file that may do without Node's verification (docs/adr/0015; an architecture test).
 */
export const datelessConnect = (
  options: ConnectionOptions & { readonly host: string },
  trust: ServerTrust,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<TLSSocket> => {
  const { promise, resolve, reject } = Promise.withResolvers<TLSSocket>()
  const socket = connect({ ...options, rejectUnauthorized: false })
  socket.once('error', reject)
  socket.once('secureConnect', () => {
    const { pins, book } = trust
    const fault = chainFault({
      certificates: sentChain(socket.getPeerCertificate(true)),
      roots: rootsOf(trust),
      host: options.host,
      pins: pins.length > 0 ? pins : book.serverPins,
      from,
      to,
    })
    socket.off('error', reject)
    if (fault === null) {
      resolve(socket)
      return
    }
    socket.destroy()
    reject(new ChainRefused(sentences[fault]))
  })
  return promise
}
