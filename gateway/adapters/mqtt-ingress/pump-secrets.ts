import { createHash, timingSafeEqual } from 'node:crypto'
import { PumpId } from '#domain/ids.ts'
import type { MqttRefusal } from '../../core/mqtt-refusal.ts'

/** SHA-256 of a secret. Enough for 128 random bits, which nobody can try out (security.md 3). */
export const digestOf = (secret: string | Uint8Array): Buffer => createHash('sha256').update(secret).digest()

export interface Shown {
  readonly clientId: string
  readonly username: string | undefined
  readonly password: Uint8Array | undefined
}

/** The pump it is, or why nobody believes it. */
export type Identity =
  | { readonly ok: true; readonly pumpId: PumpId }
  | { readonly ok: false; readonly refusal: MqttRefusal }

const refuse = (refusal: MqttRefusal): Identity => ({ ok: false, refusal })

/** Who may come: client id = user name = pump id, and the secret of that pump. */
export class PumpSecrets {
  readonly #digests: ReadonlyMap<PumpId, Uint8Array | null>
  readonly #strangers: boolean

  /** `digests`: the listed pumps; null = may come without a secret. `strangers`: pumps that are not listed may come too. */
  constructor(digests: ReadonlyMap<PumpId, Uint8Array | null>, strangers: boolean) {
    this.#digests = digests
    this.#strangers = strangers
  }

  check({ clientId, username, password }: Shown): Identity {
    const pumpId = PumpId.safeParse(clientId)
    if (!pumpId.success) return refuse('badClientId')
    const digest = this.#digests.get(pumpId.data)
    if (digest === undefined && !this.#strangers) return refuse('unknownPump')
    const secured = digest !== undefined && digest !== null
    if (username === undefined ? secured : username !== pumpId.data) return refuse('otherUser')
    if (secured && !timingSafeEqual(digestOf(password ?? ''), digest)) return refuse('wrongSecret')
    return { ok: true, pumpId: pumpId.data }
  }
}
