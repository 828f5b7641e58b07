import { createHash } from 'node:crypto'
import { isIP } from 'node:net'
import type { X509Certificate } from 'node:crypto'

// Judging a server's certificates ourselves, at a time of our own (docs/adr/0015): only for a hub whose clock is wrong.

/** Why a chain is not believed. `dates` and nothing else may be the clock's fault. */
export type ChainFault = 'unknown-root' | 'wrong-host' | 'wrong-purpose' | 'weak' | 'not-pinned' | 'dates'

export interface ChainQuestion {
  /** As sent: the server's own first. */
  readonly certificates: readonly X509Certificate[]
  readonly roots: readonly X509Certificate[]
  readonly host: string
  /** `sha256//BASE64`; one of the chain has to have one of these keys. */
  readonly pins: readonly string[]
  /** Instants between which every certificate has to be good at some moment: the same twice for "now". */
  readonly from: number
  readonly to: number
}

const serverAuth = '1.3.6.1.5.5.7.3.1'
const longestChain = 5
const leastRsaBits = 2048

/** A key as `curl --pinnedpubkey` writes it: SHA-256 over its SubjectPublicKeyInfo. */
export const pinOf = (certificate: X509Certificate): string =>
  `sha256//${createHash('sha256')
    .update(certificate.publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64')}`

/** Null: signatures, authority, purpose, host name, pinned key and dates are all right. */
export const chainFault = (question: ChainQuestion): ChainFault | null => {
  const { certificates, roots, host, pins, from, to } = question
  const [leaf] = certificates
  const chain = leaf === undefined ? null : pathToRoot(leaf, certificates.slice(1), roots)
  if (leaf === undefined || chain === null) return 'unknown-root'
  if (!isFor(leaf, host)) return 'wrong-host'
  if (leaf.ca || !servesTls(leaf)) return 'wrong-purpose'
  if (chain.some(isWeak)) return 'weak'
  if (!chain.some((certificate) => pins.includes(pinOf(certificate)))) return 'not-pinned'
  return chain.every((certificate) => isGoodBetween(certificate, from, to)) ? null : 'dates'
}

/** A certificate that names no purpose may serve any, as for OpenSSL. */
const servesTls = ({ keyUsage }: X509Certificate): boolean => {
  const purposes = new Set(keyUsage)
  return purposes.size === 0 || purposes.has(serverAuth)
}

const isFor = (leaf: X509Certificate, host: string): boolean =>
  (isIP(host) === 0 ? leaf.checkHost(host) : leaf.checkIP(host)) !== undefined

/** From the server's certificate to a root we were given; each is signed by the next, which is an authority. */
const pathToRoot = (
  leaf: X509Certificate,
  sent: readonly X509Certificate[],
  roots: readonly X509Certificate[],
): readonly X509Certificate[] | null => {
  const chain = [leaf]
  for (let last = leaf; chain.length < longestChain;) {
    const signs = (issuer: X509Certificate): boolean =>
      issuer.ca && last.checkIssued(issuer) && last.verify(issuer.publicKey)
    const root = roots.find(signs)
    if (root !== undefined) return [...chain, root]
    const issuer = sent.find((candidate) => !chain.includes(candidate) && signs(candidate))
    if (issuer === undefined) return null
    chain.push(issuer)
    last = issuer
  }
  return null
}

const isWeak = ({ publicKey, signatureAlgorithm }: X509Certificate): boolean => {
  const bits = publicKey.asymmetricKeyDetails?.modulusLength
  return (bits !== undefined && bits < leastRsaBits) || /md5|sha1/i.test(signatureAlgorithm ?? '')
}

const isGoodBetween = ({ validFromDate, validToDate }: X509Certificate, from: number, to: number): boolean =>
  validFromDate.getTime() <= to && validToDate.getTime() >= from
