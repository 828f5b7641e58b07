import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { HubId } from '#domain/ids.ts'
import { enrolMessage, rotateMessage } from '#domain/uplink/envelope.ts'
import { serializeParams, signatureBase } from '#domain/uplink/signature.ts'

/** What a request may do differently from a good one. */
export interface Deviation {
  readonly authority?: string
  readonly createdAt?: number
  readonly nonce?: string
  readonly keyId?: string
  readonly contentType?: string
  /** Changes the body after signing. */
  readonly sentBody?: string
  /** Changes the path after signing. */
  readonly sentUrl?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** A hub's key and its way of signing, for talking to the server's routes. */
export class SigningHub {
  readonly publicKey: string
  keyId = 'unknown'
  bootId = 'boot-1'
  #attempt = 0
  readonly #key: KeyObject

  constructor() {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519')
    this.#key = privateKey
    this.publicKey = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url').toString('base64')
  }

  enrolment(claimId: string, code: string, nonce: string) {
    const signature = sign(null, Buffer.from(enrolMessage(claimId, code, nonce)), this.#key).toString('base64')
    return { v: 1, claimId, code, nonce, publicKey: this.publicKey, signature }
  }

  /** Body of a wish to be known by this key, for the hub `hubId`. */
  rotation(hubId: string, publicKey = this.publicKey) {
    const proof = sign(null, Buffer.from(rotateMessage(HubId.parse(hubId), publicKey)), this.#key).toString('base64')
    return { v: 1, publicKey, proof }
  }

  /** A signed POST as `app.inject` takes it. `now` in ms. */
  request(url: string, body: unknown, now: number, deviation: Deviation = {}) {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const contentDigest = `sha-256=:${createHash('sha256').update(text).digest('base64')}:`
    const contentType = deviation.contentType ?? 'application/json'
    const authority = deviation.authority ?? 'watch.test'
    this.#attempt += 1
    const params = {
      created: Math.floor((deviation.createdAt ?? now) / 1000),
      nonce: deviation.nonce ?? `${this.bootId}:${this.#attempt}`,
      keyId: deviation.keyId ?? this.keyId,
    }
    const base = signatureBase({ method: 'POST', authority, path: url, query: '', contentType, contentDigest }, params)
    const signature = sign(null, Buffer.from(base), this.#key).toString('base64')
    return {
      method: 'POST' as const,
      url: deviation.sentUrl ?? url,
      payload: deviation.sentBody ?? text,
      headers: {
        host: authority,
        'content-type': contentType,
        'content-digest': contentDigest,
        'signature-input': `hub=${serializeParams(params)}`,
        signature: `hub=:${signature}:`,
        ...deviation.headers,
      },
    }
  }
}
