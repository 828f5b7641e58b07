import type { HubId } from '#domain/ids.ts'
import { instant, type Clock, type Instant } from '#domain/time.ts'
import { rotateMessage, type RotateRequest } from '#domain/uplink/envelope.ts'
import type { HubCrypto } from './hub-crypto.ts'
import type { HubKeys } from './hub-keys.ts'
import type { HubKey, HubRegistry } from './ports.ts'

export type RotateRefusal = 'bad_key' | 'bad_signature' | 'key_replaced'

/** Both keys are good this long (security.md 2.5). */
const bothValidMs = 24 * 3_600_000

/** Replaces a hub's key by another one that it holds: the old key signs the request, the new one proves itself in it. */
export class KeyRotationDesk {
  readonly #registry: Pick<HubRegistry, 'rotate'>
  readonly #keys: Pick<HubKeys, 'forget'>
  readonly #crypto: HubCrypto
  readonly #clock: Clock

  constructor(
    registry: Pick<HubRegistry, 'rotate'>,
    keys: Pick<HubKeys, 'forget'>,
    hubCrypto: HubCrypto,
    clock: Clock,
  ) {
    this.#registry = registry
    this.#keys = keys
    this.#crypto = hubCrypto
    this.#clock = clock
  }

  /** `signedBy`: the key that signed the request. */
  async rotate(
    signedBy: HubKey,
    request: RotateRequest,
  ): Promise<{ readonly keyId: string; readonly oldValidUntil: Instant } | RotateRefusal> {
    const { hubId } = signedBy
    const publicKey = this.#crypto.readPublicKey(request.publicKey)
    if (publicKey === null) return 'bad_key'
    if (!this.#crypto.verify(publicKey, rotateMessage(hubId, request.publicKey), request.proof)) return 'bad_signature'
    const keyId = this.#crypto.keyId(publicKey)
    // A hub that died before it took its new key over asks with that key once the old one has ended.
    if (keyId === signedBy.keyId) return { keyId, oldValidUntil: this.#clock.now() }
    return this.#install(hubId, signedBy.keyId, keyId, publicKey)
  }

  async #install(hubId: HubId, oldKeyId: string, keyId: string, publicKey: Uint8Array) {
    const at = this.#clock.now()
    const oldValidUntil = instant(at + bothValidMs)
    const rotated = await this.#registry.rotate({ hubId, oldKeyId, keyId, publicKey, at, oldValidUntil })
    this.#keys.forget(hubId)
    return rotated === null ? 'key_replaced' : { keyId, ...rotated }
  }
}
