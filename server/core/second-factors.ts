import type { UserId } from '#domain/ids.ts'
import type { FactorsView, NewTotp } from '#domain/people/factors.ts'
import type { SecondWay } from '#domain/people/half-signed-in.ts'
import type { Clock, Instant } from '#domain/time.ts'
import type { CodeBrake } from './code-brake.ts'
import type { FactorStore } from './factor-store.ts'
import type { Act } from './on-call-store.ts'
import { base32, matchTotp, totpCode, totpUri } from './totp.ts'
import type { HmacSha1 } from './totp.ts'

export interface FactorSecrets {
  /** 20 random bytes. */
  newTotpSecret(): Uint8Array
  /** 16 characters of Crockford's base 32: 80 random bits. */
  newRecoveryCode(): string
  hashRecoveryCode(userId: UserId, code: string): string
  readonly hmac: HmacSha1
}

export interface SecondFactorsDependencies {
  readonly store: FactorStore
  readonly secrets: FactorSecrets
  readonly brake: CodeBrake
  readonly clock: Clock
  /** Stands in the authenticator app. */
  readonly site: string
}

const recoveryCodes = 10
/** From the picture on the screen to the first code. ms. */
const settingUpMs = 15 * 60_000

/** Codes of authenticator apps and recovery codes (security.md 4). */
export class SecondFactors {
  readonly #deps: SecondFactorsDependencies
  /** Secrets that no code has shown yet. */
  readonly #settingUp = new Map<UserId, { readonly secret: Uint8Array; readonly at: Instant }>()

  constructor(deps: SecondFactorsDependencies) {
    this.#deps = deps
  }

  /** What she can show after the password. */
  async ways(userId: UserId): Promise<readonly SecondWay[]> {
    const { store } = this.#deps
    const ways: SecondWay[] = []
    if ((await store.totp(userId)) !== null) ways.push('totp')
    if ((await store.passkeys(userId)).length > 0) ways.push('passkey')
    if (ways.length > 0 && (await store.recoveryLeft(userId)) > 0) ways.push('recovery')
    return ways
  }

  async view(userId: UserId): Promise<Omit<FactorsView, 'required' | 'password' | 'serverTime'>> {
    const { store } = this.#deps
    const passkeys = await store.passkeys(userId)
    const reset = await store.openReset(userId)
    return {
      totpSince: (await store.totp(userId))?.addedAt ?? null,
      passkeys: passkeys.map(({ credentialId, name, addedAt, usedAt }) => ({ credentialId, name, addedAt, usedAt })),
      recoveryLeft: await store.recoveryLeft(userId),
      reset: reset === null ? null : { at: reset.at, by: reset.by },
    }
  }

  /** A secret for her app; nothing holds until `confirmTotp`. */
  beginTotp({ userId, name }: { readonly userId: UserId; readonly name: string }): NewTotp {
    const { secrets, clock, site } = this.#deps
    const secret = secrets.newTotpSecret()
    this.#settingUp.set(userId, { secret, at: clock.now() })
    return { secret: base32(secret), uri: totpUri(site, name, secret) }
  }

  /** The app shows the right code, so it has the secret: it holds from now on. */
  async confirmTotp(code: string, act: Act): Promise<boolean> {
    const { userId } = act.by
    const begun = this.#settingUp.get(userId)
    if (begun === undefined || act.at - begun.at >= settingUpMs) return false
    const step = matchTotp((at) => totpCode(this.#deps.secrets.hmac, begun.secret, at), code, act.at, 0)
    if (step === null) return false
    await this.#deps.store.setTotp(userId, begun.secret, step, act)
    this.#settingUp.delete(userId)
    return true
  }

  async removeTotp(act: Act): Promise<boolean> {
    return await this.#deps.store.removeTotp(act.by.userId, act)
  }

  /** She showed a second factor from there: guesses from elsewhere do not slow her. */
  proved(userId: UserId, address: string): void {
    this.#deps.brake.proved(userId, address)
  }

  /** A number: ms to wait before the next one is looked at. */
  async checkTotp(userId: UserId, code: string, address: string): Promise<boolean | number> {
    const { store, secrets, brake, clock } = this.#deps
    const wait = brake.take(userId, address, clock.monotonic())
    if (wait > 0) return wait
    const totp = await store.totp(userId)
    const secret = totp?.secret ?? null
    if (totp === null || secret === null) return false
    const step = matchTotp((at) => totpCode(secrets.hmac, secret, at), code, clock.now(), totp.lastStep)
    if (step === null || !(await store.useTotpStep(userId, step))) return false
    brake.right(userId, address)
    return true
  }

  /** 80 bits: nobody guesses one, so nothing slows it. How many are left; null: wrong or used. */
  async useRecoveryCode(userId: UserId, code: string): Promise<number | null> {
    const { store, secrets, clock } = this.#deps
    return await store.useRecoveryCode(userId, secrets.hashRecoveryCode(userId, code), clock.now())
  }

  /** Shown once; those there were are void. */
  async newRecoveryCodes(act: Act): Promise<readonly string[]> {
    const { store, secrets } = this.#deps
    const codes = Array.from({ length: recoveryCodes }, () => secrets.newRecoveryCode())
    const { userId } = act.by
    await store.setRecoveryCodes(
      userId,
      codes.map((code) => secrets.hashRecoveryCode(userId, code)),
      act,
    )
    return codes.map((code) => code.replaceAll(/(.{4})(?=.)/g, '$1-'))
  }

  /** With the first factor come recovery codes; null: there are some. */
  async firstCodes(act: Act): Promise<readonly string[] | null> {
    return (await this.#deps.store.recoveryLeft(act.by.userId)) > 0 ? null : await this.newRecoveryCodes(act)
  }
}
