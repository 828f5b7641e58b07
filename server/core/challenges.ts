import type { Instant } from '#domain/time.ts'

/** Of a challenge that was given out and not answered. ms. */
export const challengeLifeMs = 5 * 60_000

export interface ChallengeSecrets {
  /** 16 random bytes. */
  random(): Uint8Array
  /** 32 bytes under a key that this process alone has. */
  mac(message: Uint8Array): Uint8Array
  base64url(bytes: Uint8Array): string
}

/**
 * What an authenticator has to sign. A challenge proves by itself that it was made here and when, so asking for many displaces nobody
 * else's; what is kept are the few that were answered, until they are too old anyway: each is good once.
 */
export class Challenges {
  readonly #secrets: ChallengeSecrets
  readonly #used = new Map<string, Instant>()

  constructor(secrets: ChallengeSecrets) {
    this.#secrets = secrets
  }

  next(now: Instant): Uint8Array {
    const bytes = new Uint8Array(48)
    bytes.set(this.#secrets.random(), 0)
    new DataView(bytes.buffer).setBigUint64(16, BigInt(now))
    bytes.set(this.#secrets.mac(bytes.slice(0, 24)).slice(0, 24), 24)
    return bytes
  }

  /** Good once. `challenge`: as it came back, base64url. */
  use(challenge: string, now: Instant): boolean {
    const bytes = bytesOf(challenge)
    if (bytes === null || this.#used.has(challenge)) return false
    const at = Number(new DataView(bytes.buffer).getBigUint64(16))
    const isOurs = this.#secrets.base64url(this.#secrets.mac(bytes.slice(0, 24)).slice(0, 24)) === challenge.slice(32)
    if (!isOurs || at > now || now - at >= challengeLifeMs) return false
    for (const [used, when] of this.#used) if (now - when >= challengeLifeMs) this.#used.delete(used)
    this.#used.set(challenge, now)
    return true
  }
}

/** 64 characters of base64url: 48 bytes. Null: it is something else. */
const bytesOf = (challenge: string): Uint8Array<ArrayBuffer> | null =>
  /^[A-Za-z0-9_-]{64}$/.test(challenge)
    ? Uint8Array.from(atob(challenge.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0))
    : null
