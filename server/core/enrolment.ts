import { HubId } from '#domain/ids.ts'
import type { Person } from '#domain/live/views.ts'
import { instant, type Clock, type Instant } from '#domain/time.ts'
import { enrolMessage, type EnrolRequest } from '#domain/uplink/envelope.ts'
import type { HubCrypto } from './hub-crypto.ts'
import type { HubRegistry } from './ports.ts'

/** What an administrator hands to the installer of a hub. The code is shown once and never stored. */
export interface Claim {
  readonly claimId: string
  /** 12 Crockford characters in groups of four. */
  readonly code: string
  readonly hubId: HubId
  readonly expiresAt: Instant
}

export type EnrolRefusal = 'claim_refused' | 'bad_key' | 'bad_signature'

const claimLifeMs = 10 * 60_000
const claimTries = 5
const nonceLifeMs = 60_000
/** Crockford's alphabet: no I, L, O, U. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** How a hub gets in (security.md 2.5): claim, nonce, then one key for one code. */
export class Enrolment {
  readonly #registry: HubRegistry
  readonly #crypto: HubCrypto
  readonly #clock: Clock

  constructor(registry: HubRegistry, hubCrypto: HubCrypto, clock: Clock) {
    this.#registry = registry
    this.#crypto = hubCrypto
    this.#clock = clock
  }

  /** A claim for a new hub, or with `hubId` for a hub that has to enrol again: its records stay its own. */
  async createClaim(hub: { readonly name: string; readonly hubId?: HubId }, by: Person): Promise<Claim> {
    const createdAt = this.#clock.now()
    const code = this.#characters(12)
    const hubId = hub.hubId ?? this.#newHubId()
    // Typed behind `--claim`: one id of 64 would begin with a dash, which every command line takes for an option.
    const claim = { claimId: `c-${this.#crypto.randomId()}`, hubId, expiresAt: instant(createdAt + claimLifeMs) }
    const codeMac = this.#crypto.mac(code)
    await this.#registry.addClaim({ ...claim, hubName: hub.name, codeMac, createdAt, tries: claimTries }, by)
    return { ...claim, code: code.replace(/(.{4})(?=.)/g, '$1-') }
  }

  /**
   * Opens a claim whose id and code were agreed on before this server ran, for a new hub; again at each start until it was used once.
   * False when it was.
   */
  async offer(claim: { readonly claimId: string; readonly code: string; readonly name: string }, by: Person) {
    const createdAt = this.#clock.now()
    return this.#registry.offerClaim(
      {
        claimId: claim.claimId,
        hubId: this.#newHubId(),
        hubName: claim.name,
        codeMac: this.#crypto.mac(normalizeCode(claim.code)),
        createdAt,
        expiresAt: instant(createdAt + claimLifeMs),
        tries: claimTries,
      },
      by,
    )
  }

  /** Null: no such claim is open. */
  async nonce(claimId: string): Promise<{ readonly nonce: string; readonly expiresAt: Instant } | null> {
    const at = this.#clock.now()
    const nonce = this.#crypto.randomId()
    const expiresAt = instant(at + nonceLifeMs)
    return (await this.#registry.addEnrolNonce(claimId, nonce, expiresAt, at)) ? { nonce, expiresAt } : null
  }

  /** Every call uses up its nonce and one try of the claim. */
  async enrol(request: EnrolRequest): Promise<{ hubId: HubId; keyId: string } | EnrolRefusal> {
    const { claimId, nonce } = request
    const at = this.#clock.now()
    const claim = await this.#registry.takeEnrolNonce(claimId, nonce, at)
    if (claim === null) return 'claim_refused'
    const code = normalizeCode(request.code)
    if (!this.#crypto.same(this.#crypto.mac(code), claim.codeMac)) return 'claim_refused'
    const publicKey = this.#crypto.readPublicKey(request.publicKey)
    if (publicKey === null) return 'bad_key'
    // The hub signs the code as it was typed, or as it is meant.
    const signed = [request.code, code].some((typed) =>
      this.#crypto.verify(publicKey, enrolMessage(claimId, typed, nonce), request.signature),
    )
    if (!signed) return 'bad_signature'
    const keyId = this.#crypto.keyId(publicKey)
    const enrolled = await this.#registry.useClaim(claimId, keyId, publicKey, at)
    return enrolled === null ? 'claim_refused' : { hubId: enrolled.hubId, keyId }
  }

  #newHubId(): HubId {
    return HubId.parse(`hub-${this.#characters(8).toLowerCase()}`)
  }

  #characters(count: number): string {
    return Array.from(this.#crypto.randomBytes(count), (byte) => alphabet[byte & 31]).join('')
  }
}

/** Dashes, spaces and lower case are forgiven, and the letters that look like digits. */
export const normalizeCode = (typed: string): string =>
  typed.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1')
