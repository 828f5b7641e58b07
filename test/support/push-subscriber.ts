import { createDecipheriv, createECDH, createHmac, createPublicKey, randomBytes, verify } from 'node:crypto'
import type { ECDH } from 'node:crypto'

// The browser's end of web push, from the RFCs alone: 8291 (keys), 8188 (aes128gcm), 8292 (who sent it).

const hmac = (key: Uint8Array, ...parts: readonly Uint8Array[]): Buffer => {
  const mac = createHmac('sha256', key)
  for (const part of parts) mac.update(part)
  return mac.digest()
}
const one = Buffer.from([1])
const zero = Buffer.from([0])
const label = (text: string): Buffer => Buffer.concat([Buffer.from(text), zero])

export class PushSubscriber {
  readonly #pair: ECDH
  readonly #auth: Buffer

  constructor(pair: ECDH, auth: Buffer) {
    this.#pair = pair
    this.#auth = auth
  }

  static make(): PushSubscriber {
    const pair = createECDH('prime256v1')
    pair.generateKeys()
    return new PushSubscriber(pair, randomBytes(16))
  }

  get keys(): { readonly p256dh: string; readonly auth: string } {
    return { p256dh: this.#pair.getPublicKey('base64url'), auth: this.#auth.toString('base64url') }
  }

  /** One record of aes128gcm. Throws when it was not made for these keys. */
  decrypt(body: Buffer): string {
    const salt = body.subarray(0, 16)
    const idLength = body[20] ?? 0
    const sender = body.subarray(21, 21 + idLength)
    const record = body.subarray(21 + idLength)
    const receiver = this.#pair.getPublicKey()
    const shared = this.#pair.computeSecret(sender)
    const info = Buffer.concat([label('WebPush: info'), receiver, sender, one])
    const input = hmac(hmac(this.#auth, shared), info)
    const derived = hmac(salt, input)
    const key = hmac(derived, label('Content-Encoding: aes128gcm'), one).subarray(0, 16)
    const nonce = hmac(derived, label('Content-Encoding: nonce'), one).subarray(0, 12)
    const open = createDecipheriv('aes-128-gcm', key, nonce)
    open.setAuthTag(record.subarray(-16))
    const padded = Buffer.concat([open.update(record.subarray(0, -16)), open.final()])
    // The last record ends with 2 and zeros.
    return padded.subarray(0, padded.lastIndexOf(2)).toString()
  }
}

const json = (part: string | undefined): Record<string, unknown> =>
  JSON.parse(Buffer.from(part ?? '', 'base64url').toString()) as Record<string, unknown>

/** `Authorization: vapid t=…, k=…`: what the token claims, if it is signed with the key that is named. */
export const readVapid = (authorization: string | undefined) => {
  const [, token = '', key = ''] = /^vapid t=([\w.-]+), ?k=([\w-]+)$/.exec(authorization ?? '') ?? []
  const [header, claims, signature] = token.split('.')
  const point = Buffer.from(key, 'base64url')
  const publicKey = createPublicKey({
    format: 'jwk',
    key: {
      kty: 'EC',
      crv: 'P-256',
      x: point.subarray(1, 33).toString('base64url'),
      y: point.subarray(33, 65).toString('base64url'),
    },
  })
  const signed = verify(
    'sha256',
    Buffer.from(`${header}.${claims}`),
    { key: publicKey, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature ?? '', 'base64url'),
  )
  return { key, signed, header: json(header), claims: json(claims) }
}
