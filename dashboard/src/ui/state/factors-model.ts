import { signal } from '@preact/signals'
import type { Me } from '#domain/live/api.ts'
import type { Enrolled, FactorsView, NewTotp } from '#domain/people/factors.ts'
import type { ProofWays } from '#domain/people/single-sign-on.ts'
import type { PasskeyProof } from '#dashboard/core/factor-requests.ts'
import type { PasskeyDesk } from '#dashboard/core/passkey-port.ts'
import type { ApiAnswer, ApiFailure, ServerLink } from '#dashboard/core/worker-protocol.ts'

/** Why nothing came of it: what the server said, or the browser's own question. */
export type FactorFailure = ApiFailure | 'gone' | 'known' | 'unsupported'

/** What somebody has to prove who she is with, and what she does to it. One thing at a time. */
export class FactorsModel {
  readonly told = signal<FactorsView | null>(null)
  /** By what else she can prove again who she is. */
  readonly ways = signal<ProofWays | null>(null)
  readonly failure = signal<FactorFailure | null>(null)
  readonly busy = signal(false)
  /** A secret that waits for the first code of the app. */
  readonly newTotp = signal<NewTotp | null>(null)
  /** Shown once. */
  readonly codes = signal<readonly string[] | null>(null)
  readonly #link: ServerLink
  readonly #passkeys: PasskeyDesk

  constructor(link: ServerLink, passkeys: PasskeyDesk) {
    this.#link = link
    this.#passkeys = passkeys
  }

  async ask(): Promise<void> {
    this.told.value = (await this.#take(this.#link.request<'factors'>({ what: 'factors' }))) ?? this.told.peek()
  }

  async beginTotp(): Promise<void> {
    this.newTotp.value = await this.#take(this.#link.request<'totp-begin'>({ what: 'totp-begin' }))
  }

  /** True: the app is good from now on. */
  async confirmTotp(code: string): Promise<boolean> {
    const enrolled = await this.#take(this.#link.request<'totp-confirm'>({ what: 'totp-confirm', code }))
    if (enrolled !== null) this.newTotp.value = null
    return this.#enrolled(enrolled)
  }

  async addPasskey(name: string): Promise<boolean> {
    const options = await this.#take(this.#link.request<'passkey-begin'>({ what: 'passkey-begin' }))
    if (options === null) return false
    const made = await this.#alone(() => this.#passkeys.make(options))
    if (!('answer' in made)) return this.#failed(made.failed)
    const { answer } = made
    return this.#enrolled(await this.#take(this.#link.request<'passkey-add'>({ what: 'passkey-add', name, answer })))
  }

  /** What a passkey here says, to be sent on; null: none. */
  async showPasskey(): Promise<PasskeyProof | null> {
    const options = await this.#take(this.#link.request<'passkey-options'>({ what: 'passkey-options' }))
    if (options === null) return null
    const shown = await this.#alone(() => this.#passkeys.show(options))
    if ('answer' in shown) return { way: 'passkey', answer: shown.answer }
    this.#failed(shown.failed)
    return null
  }

  async signInByPasskey(): Promise<Me | null> {
    const proof = await this.showPasskey()
    if (proof === null) return null
    const { answer } = proof
    return await this.#take(this.#link.request<'passkey-sign-in'>({ what: 'passkey-sign-in', answer }))
  }

  async second(proof: Parameters<FactorsModel['prove']>[0] | { readonly way: 'recovery'; readonly code: string }) {
    if (proof.way === 'password') return null
    return await this.#take(this.#link.request<'second'>({ what: 'second', proof }))
  }

  async prove(
    proof:
      | PasskeyProof
      | { readonly way: 'totp'; readonly code: string }
      | { readonly way: 'password'; readonly password: string },
  ): Promise<Me | null> {
    return await this.#take(this.#link.request<'prove'>({ what: 'prove', proof }))
  }

  async askWays(): Promise<void> {
    const answer = await this.#link.request<'proof-ways'>({ what: 'proof-ways' })
    if (answer.ok) this.ways.value = answer.body
  }

  /** Where she proves it to the provider of the house; null: it does not answer. */
  async beginSso(): Promise<string | null> {
    return (await this.#take(this.#link.request<'proof-sso'>({ what: 'proof-sso' })))?.url ?? null
  }

  /** Who is signed in, once the provider has vouched for her in another window; null: not yet. */
  async provenBySso(): Promise<Me | null> {
    await this.askWays()
    if (this.ways.peek()?.fresh !== true) return null
    const answer = await this.#link.request<'me'>({ what: 'me' })
    return answer.ok ? answer.body : null
  }

  async newCodes(): Promise<void> {
    this.#enrolled(await this.#take(this.#link.request<'recovery-new'>({ what: 'recovery-new' })))
  }

  async removeTotp(): Promise<void> {
    await this.#take(this.#link.request<'totp-remove'>({ what: 'totp-remove' }), true)
  }

  async renamePasskey(credentialId: string, name: string): Promise<boolean> {
    await this.#take(this.#link.request<'passkey-name'>({ what: 'passkey-name', credentialId, name }), true)
    return this.failure.peek() === null
  }

  async removePasskey(credentialId: string): Promise<void> {
    await this.#take(this.#link.request<'passkey-remove'>({ what: 'passkey-remove', credentialId }), true)
  }

  #enrolled(enrolled: Enrolled | null): boolean {
    if (enrolled !== null) this.codes.value = enrolled.recoveryCodes
    return enrolled !== null
  }

  #failed(why: FactorFailure): false {
    this.failure.value = why
    return false
  }

  async #alone<T>(ask: () => Promise<T>): Promise<T> {
    this.busy.value = true
    try {
      return await ask()
    } finally {
      this.busy.value = false
    }
  }

  async #take<T>(asked: Promise<{ ok: true; body: T } | Extract<ApiAnswer, { ok: false }>>, again = false) {
    const answer = await this.#alone(() => asked)
    this.failure.value = answer.ok ? null : answer.failure
    if (answer.ok && again) await this.ask()
    return answer.ok ? answer.body : null
  }
}
