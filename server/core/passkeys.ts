import type { UserId } from '#domain/ids.ts'
import type { NewPasskeyAnswer, PasskeyAnswer } from '#domain/people/factors.ts'
import type { Clock } from '#domain/time.ts'
import type { Challenges } from './challenges.ts'
import type { FactorStore, Passkey } from './factor-store.ts'
import type { Act } from './on-call-store.ts'

/** What a browser is asked for, or gives: JSON of the WebAuthn standard. */
export type PasskeyJson = Readonly<Record<string, unknown>>

/** What an answer has to be about. */
export interface Expected {
  /** Told the challenge of the answer, base64url; it is good once. */
  readonly isOurs: (challenge: string) => boolean
  readonly origin: string
  readonly rpId: string
}

/** The ceremony of WebAuthn itself. The person is verified by the authenticator each time: finger, face or PIN. */
export interface PasskeyVerifier {
  creationOptions(about: {
    readonly challenge: Uint8Array
    readonly rpId: string
    readonly site: string
    readonly userId: UserId
    readonly name: string
    readonly known: readonly Passkey[]
  }): Promise<PasskeyJson>
  requestOptions(about: { readonly challenge: Uint8Array; readonly rpId: string }): Promise<PasskeyJson>
  /** Null: refused. */
  newPasskey(
    answer: NewPasskeyAnswer,
    expected: Expected,
  ): Promise<Pick<Passkey, 'credentialId' | 'publicKey' | 'counter' | 'transports'> | null>
  /** The authenticator's counter now; null: refused, a counter that went back too. */
  counter(answer: PasskeyAnswer, passkey: Passkey, expected: Expected): Promise<number | null>
}

export interface PasskeysDependencies {
  readonly store: FactorStore
  readonly verifier: PasskeyVerifier
  readonly challenges: Challenges
  readonly clock: Pick<Clock, 'now'>
  /** Shown by the authenticator. */
  readonly site: string
}

/** Passkeys: registered for one host, found by themselves at the sign-in, no name typed. */
export class Passkeys {
  readonly #deps: PasskeysDependencies

  constructor(deps: PasskeysDependencies) {
    this.#deps = deps
  }

  async creationOptions(person: { readonly userId: UserId; readonly name: string }, origin: string) {
    const { store, verifier, challenges, clock, site } = this.#deps
    const known = await store.passkeys(person.userId)
    return await verifier.creationOptions({
      ...person,
      site,
      known,
      rpId: rpIdOf(origin),
      challenge: challenges.next(clock.now()),
    })
  }

  /** The same for everybody: who it is the authenticator says. */
  async requestOptions(origin: string) {
    const { verifier, challenges, clock } = this.#deps
    return await verifier.requestOptions({ rpId: rpIdOf(origin), challenge: challenges.next(clock.now()) })
  }

  async add(name: string, answer: NewPasskeyAnswer, origin: string, act: Act): Promise<boolean> {
    const expected = this.#expected(origin)
    const made = await this.#deps.verifier.newPasskey(answer, expected)
    if (made === null) return false
    const { userId } = act.by
    return await this.#deps.store.addPasskey(
      { ...made, userId, rpId: expected.rpId, name, addedAt: act.at, usedAt: null },
      act,
    )
  }

  /** False: she has no such passkey. */
  async rename(credentialId: string, name: string, act: Act): Promise<boolean> {
    return await this.#deps.store.renamePasskey(act.by.userId, credentialId, name, act)
  }

  /** False: she has no such passkey. */
  async remove(credentialId: string, act: Act): Promise<boolean> {
    return await this.#deps.store.removePasskey(act.by.userId, credentialId, act)
  }

  /** Whose passkey it is, if the answer is good. `refused`: whose it would have been; null: nobody's. */
  async check(
    answer: PasskeyAnswer,
    origin: string,
  ): Promise<{ readonly userId: UserId } | { readonly refused: UserId | null }> {
    const { store, verifier, clock } = this.#deps
    const expected = this.#expected(origin)
    const passkey = await store.passkey(answer.id)
    if (passkey === null) return { refused: null }
    const counter = passkey.rpId === expected.rpId ? await verifier.counter(answer, passkey, expected) : null
    if (counter === null) return { refused: passkey.userId }
    await store.usedPasskey(passkey.credentialId, counter, clock.now())
    return { userId: passkey.userId }
  }

  #expected(origin: string): Expected {
    const { challenges, clock } = this.#deps
    return { origin, rpId: rpIdOf(origin), isOurs: (challenge) => challenges.use(challenge, clock.now()) }
  }
}

const rpIdOf = (origin: string): string => new URL(origin).hostname
