import { BootId, type HubId } from '#domain/ids.ts'
import type { Clock } from '#domain/time.ts'
import { parseSignature, parseSignatureInput, signatureBase } from '#domain/uplink/signature.ts'
import type { HubRefusal } from '#domain/uplink/verdicts.ts'
import type { HubCrypto } from './hub-crypto.ts'
import type { HubKeys } from './hub-keys.ts'
import type { HubKey, NonceBook } from './ports.ts'

/** The parts of a request that are signed, and the signature's own headers. A header that stands twice is undefined. */
export interface RequestHead {
  readonly method: string
  /** The `Host` header as it came. */
  readonly authority: string | undefined
  readonly path: string
  /** With its `?`, or empty. */
  readonly query: string
  readonly contentType: string | undefined
  readonly contentDigest: string | undefined
  readonly signatureInput: string | undefined
  readonly signature: string | undefined
}

/** A head that may be followed by its body: everything holds but what needs the body. */
export interface AcceptedHead {
  readonly key: HubKey
  readonly base: string
  readonly signature: string
  readonly contentDigest: string
  readonly bootId: BootId
  readonly attempt: number
}

export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: HubRefusal; readonly hubId: HubId | null }

const clockWindowSeconds = 300
/** A clone runs beside its original, so what was sent lately is enough. */
const digestsKept = 10_000
/** `bootId:attempt` (security.md 2.3). */
const noncePattern = /^(?<boot>.+):(?<attempt>\d{1,15})$/

/** Order of checks: security.md 2.2. Cheap before dear, and nothing is remembered before the signature holds. */
export class SignatureCheck {
  readonly #keys: HubKeys
  readonly #nonces: NonceBook
  readonly #crypto: HubCrypto
  readonly #clock: Clock
  readonly #authorities: () => ReadonlySet<string>
  readonly #cloned: (hubId: HubId, bootId: BootId) => void
  /** Digest of each of the newest good requests, by hub, boot and number. */
  readonly #digests = new Map<string, string>()

  /**
   * `authorities`: the names and ports under which hubs reach this server, lower case, as in a `Host` header. `cloned` is told when a
   * number comes again with another body: whoever only repeats what was sent cannot sign a new one.
   */
  constructor(
    keys: HubKeys,
    nonces: NonceBook,
    hubCrypto: HubCrypto,
    clock: Clock,
    authorities: () => ReadonlySet<string>,
    cloned: (hubId: HubId, bootId: BootId) => void,
  ) {
    this.#keys = keys
    this.#nonces = nonces
    this.#crypto = hubCrypto
    this.#clock = clock
    this.#authorities = authorities
    this.#cloned = cloned
  }

  /** Before the body is read. */
  async head(head: RequestHead): Promise<Checked<AcceptedHead>> {
    const { contentType, contentDigest } = head
    const authority = head.authority?.toLowerCase()
    const params = parseSignatureInput(head.signatureInput ?? '')
    const signature = parseSignature(head.signature ?? '')
    const nonce = noncePattern.exec(params?.nonce ?? '')?.groups
    const bootId = BootId.safeParse(nonce?.['boot'])
    if (params === null || signature === null || contentType === undefined || !bootId.success)
      return refuse('bad_signature')
    if (authority === undefined || !this.#authorities().has(authority)) return refuse('bad_signature')
    if (contentDigest === undefined) return refuse('bad_digest')
    const key = await this.#keys.find(params.keyId)
    if (key === null) return refuse('unknown_key')
    const ended = key.validUntil !== null && key.validUntil <= this.#clock.now()
    if (!key.active || ended) return refuse('revoked', key.hubId)
    if (Math.abs(this.#clock.now() / 1000 - params.created) > clockWindowSeconds) return refuse('clock_skew', key.hubId)
    const { method, path, query } = head
    const base = signatureBase({ method, authority, path, query, contentType, contentDigest }, params)
    const attempt = Number(nonce?.['attempt'])
    return { ok: true, value: { key, base, signature, contentDigest, bootId: bootId.data, attempt } }
  }

  /** The signature is over the digest, so that it can be looked at without the body. */
  isSigned({ key, base, signature }: AcceptedHead): boolean {
    return this.#crypto.verify(key.publicKey, base, signature)
  }

  /** On the raw bytes, before they are parsed. A good request uses its number up. */
  body(head: AcceptedHead, body: Uint8Array): Checked<HubKey> {
    const { hubId } = head.key
    if (this.#crypto.contentDigest(body) !== head.contentDigest) return refuse('bad_digest', hubId)
    if (!this.isSigned(head)) return refuse('bad_signature', hubId)
    const number = `${hubId}/${head.bootId}/${head.attempt}`
    if (!this.#nonces.take(hubId, head.bootId, head.attempt)) {
      const first = this.#digests.get(number)
      if (first !== undefined && first !== head.contentDigest) this.#cloned(hubId, head.bootId)
      return refuse('replayed', hubId)
    }
    this.#keep(number, head.contentDigest)
    return { ok: true, value: head.key }
  }

  #keep(number: string, digest: string): void {
    const [oldest] = this.#digests.keys()
    if (this.#digests.size >= digestsKept && oldest !== undefined) this.#digests.delete(oldest)
    this.#digests.set(number, digest)
  }
}

const refuse = (code: HubRefusal, hubId: HubId | null = null) => ({ ok: false, code, hubId }) as const
