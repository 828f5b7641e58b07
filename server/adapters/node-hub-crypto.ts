import {
  createHash,
  createHmac,
  createPublicKey,
  randomBytes,
  timingSafeEqual,
  verify,
  type KeyObject,
} from 'node:crypto'
import type { HubCrypto } from '#server/core/hub-crypto.ts'

const rawKeyBytes = 32
const signatureBytes = 64
/** Key objects kept: making one costs as much as a verification. */
const keysKept = 2000

/** `pepper`: at least 16 secret bytes that are not kept in the database. */
export const nodeHubCrypto = (pepper: Uint8Array): HubCrypto => {
  const keys = new Map<string, KeyObject>()
  const keyObject = (publicKey: Uint8Array): KeyObject => {
    const x = Buffer.from(publicKey).toString('base64url')
    const known = keys.get(x)
    if (known !== undefined) return known
    if (keys.size >= keysKept) keys.clear()
    const key = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x } })
    keys.set(x, key)
    return key
  }
  return {
    contentDigest: (body) => `sha-256=:${createHash('sha256').update(body).digest('base64')}:`,
    verify(publicKey, text, signature) {
      const bytes = Buffer.from(signature, 'base64')
      if (bytes.length !== signatureBytes || publicKey.length !== rawKeyBytes) return false
      return verify(null, Buffer.from(text, 'latin1'), keyObject(publicKey), bytes)
    },
    readPublicKey(base64) {
      const bytes = Buffer.from(base64, 'base64')
      return bytes.length === rawKeyBytes && bytes.toString('base64') === base64 ? new Uint8Array(bytes) : null
    },
    keyId: (publicKey) => `k-${createHash('sha256').update(publicKey).digest('base64url').slice(0, 22)}`,
    mac: (code) => new Uint8Array(createHmac('sha256', pepper).update(code).digest()),
    same: (a, b) => a.length === b.length && timingSafeEqual(a, b),
    randomBytes: (length) => new Uint8Array(randomBytes(length)),
    randomId: () => randomBytes(16).toString('base64url'),
    hash: (text) => createHash('sha256').update(text).digest('base64url'),
  }
}
