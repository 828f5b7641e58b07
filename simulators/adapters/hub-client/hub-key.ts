import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { serializeParams, signatureBase, signatureLabel, type SignatureParams } from '#domain/uplink/signature.ts'

const contentType = 'application/json'

/** An Ed25519 key that lives as long as its process: a simulated hub has nothing to keep. */
export class HubKey {
  /** Raw 32 bytes, base64. */
  readonly publicKey: string
  readonly #key: KeyObject

  constructor() {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519')
    this.#key = privateKey
    this.publicKey = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url').toString('base64')
  }

  /** base64 */
  sign(text: string): string {
    return sign(null, Buffer.from(text), this.#key).toString('base64')
  }

  /** Headers of a signed POST (docs/security.md 2.1). */
  headers(url: URL, body: Uint8Array, params: SignatureParams): Readonly<Record<string, string>> {
    const contentDigest = `sha-256=:${createHash('sha256').update(body).digest('base64')}:`
    const { pathname: path, search: query } = url
    const request = { method: 'POST', authority: url.host.toLowerCase(), path, query, contentType, contentDigest }
    return {
      'content-type': contentType,
      'content-digest': contentDigest,
      'signature-input': `${signatureLabel}=${serializeParams(params)}`,
      signature: `${signatureLabel}=:${this.sign(signatureBase(request, params))}:`,
    }
  }
}
