import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto'
import { headMessage } from '#domain/audit/head.ts'
import type { AuditHead, SignedHead } from '#domain/audit/head.ts'
import type { HeadSigner } from '#server/core/audit-heads.ts'

// RFC 8410: what stands before the 32 bytes of an Ed25519 key in PKCS #8.
const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex')

const rawKeyBytes = 32

/** `seed`: the 32 secret bytes of the key. */
export const auditSigner = (seed: Uint8Array): HeadSigner => {
  const key = createPrivateKey({ key: Buffer.concat([pkcs8, seed]), format: 'der', type: 'pkcs8' })
  const { x = '' } = createPublicKey(key).export({ format: 'jwk' })
  const keyId = auditKeyId(x)
  return {
    publicKey: x,
    sign: (end, at) => {
      const head: AuditHead = { v: 1, at, seq: end.seq, hash: end.hash, keyId }
      return { ...head, signature: sign(null, Buffer.from(headMessage(head)), key).toString('base64url') }
    },
    isOurs: (head) => isSignedBy(x, head),
  }
}

export const auditKeyId = (publicKey: string): string =>
  createHash('sha256').update(Buffer.from(publicKey, 'base64url')).digest('base64url').slice(0, 22)

/** `publicKey`: 32 bytes as base64url. False for what is no key, too. */
export const isSignedBy = (publicKey: string, { signature, ...head }: SignedHead): boolean => {
  if (Buffer.from(publicKey, 'base64url').length !== rawKeyBytes || head.keyId !== auditKeyId(publicKey)) return false
  const key = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: publicKey } })
  return verify(null, Buffer.from(headMessage(head)), key, Buffer.from(signature, 'base64url'))
}
