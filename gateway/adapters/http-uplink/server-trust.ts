import { X509Certificate } from 'node:crypto'
import { checkServerIdentity, getCACertificates } from 'node:tls'
import { pinOf } from './chain-check.ts'
import type { PeerCertificate } from 'node:tls'
import type { ServerTime } from './server-time.ts'

/** Keys of the server that a fully verified connection has shown. */
export interface PinBook {
  readonly serverPins: readonly string[]
  /** Told after each verified connection; durable when it is new. */
  sawServerPin(pin: string): Promise<void>
}

/** What the hub knows of its own clock, when a certificate's dates are the only thing wrong. */
export interface SuspectClock {
  /** The clock is below what is certainly past, or nobody has set it. */
  isSuspect(): boolean
  /** ms since the epoch: certainly past (docs/adr/0015). */
  lowerBound(): number
}

export interface ServerTrust {
  /** PEM; null: the roots that Node brings along. */
  readonly roots: readonly string[] | null
  /** `sha256//BASE64`: one of the server's chain has to have one of these keys. Empty: any chain of the roots. */
  readonly pins: readonly string[]
  readonly book: PinBook
  readonly hubClock: SuspectClock
  readonly serverTime: ServerTime
}

let ownRoots: readonly X509Certificate[] | null = null

export const rootsOf = ({ roots }: Pick<ServerTrust, 'roots'>): readonly X509Certificate[] => {
  if (roots !== null) return roots.map((pem) => new X509Certificate(pem))
  ownRoots ??= getCACertificates('default').map((pem) => new X509Certificate(pem))
  return ownRoots
}

/** PEM blocks of a file of roots. */
export const splitPem = (text: string): readonly string[] =>
  text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []

/** The certificates that came with a handshake, the server's own first. */
export const sentChain = (peer: Pick<PeerCertificate, 'raw'> & { readonly issuerCertificate?: PeerCertificate }) => {
  const chain: X509Certificate[] = []
  const seen = new Set<string>()
  for (let next: typeof peer | undefined = peer; next?.raw !== undefined; next = next.issuerCertificate) {
    const certificate = new X509Certificate(next.raw)
    if (seen.has(certificate.fingerprint256)) break
    seen.add(certificate.fingerprint256)
    chain.push(certificate)
  }
  return chain
}

/** The name, as Node checks it, and the configured pins; certificates that ended before what is certainly past are refused. */
export const identityCheck =
  ({ pins, hubClock }: ServerTrust) =>
  (host: string, peer: PeerCertificate): Error | undefined => {
    const wrongName = checkServerIdentity(host, peer)
    if (wrongName !== undefined) return wrongName
    if (Date.parse(peer.valid_to) < hubClock.lowerBound())
      return Object.assign(new Error('the certificate ended before this hub was last running'), {
        code: 'CERT_HAS_EXPIRED',
      })
    if (pins.length === 0 || sentChain(peer).some((certificate) => pins.includes(pinOf(certificate)))) return undefined
    return Object.assign(new Error('none of its keys is one of server.pins'), { code: 'GW_NOT_PINNED' })
  }
