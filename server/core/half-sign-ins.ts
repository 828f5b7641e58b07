import type { UserId } from '#domain/ids.ts'
import type { Instant } from '#domain/time.ts'

/** Name and password were right; what is missing still opens nothing. */
export interface HalfSignIn {
  readonly userId: UserId
  readonly name: string
  /** `factor`: show the second one. `enrol`: there is none yet. */
  readonly needs: 'factor' | 'enrol'
  readonly beganAt: Instant
}

/** How long somebody may take between the password and the rest. ms. */
export const halfSignInMs = 10 * 60_000

/** Kept in memory: a server that starts again asks for the password again. */
export class HalfSignIns {
  readonly #byHash = new Map<string, HalfSignIn>()

  begin(idHash: string, half: HalfSignIn): void {
    for (const [known, { userId, beganAt }] of this.#byHash)
      if (half.beganAt - beganAt >= halfSignInMs || this.#tooMany(userId, half.userId)) this.#byHash.delete(known)
    this.#byHash.set(idHash, half)
  }

  get(idHash: string, now: Instant): HalfSignIn | null {
    const half = this.#byHash.get(idHash)
    return half === undefined || now - half.beganAt >= halfSignInMs ? null : half
  }

  end(idHash: string): void {
    this.#byHash.delete(idHash)
  }

  #tooMany(userId: UserId, beginner: UserId): boolean {
    return userId === beginner && [...this.#byHash.values()].filter((half) => half.userId === userId).length >= most
  }
}

/** Of one person at once: several windows. */
const most = 20
