import type { UserId } from '#domain/ids.ts'
import type { FactorReset, PasskeyView } from '#domain/people/factors.ts'
import type { Instant } from '#domain/time.ts'
import type { Act } from './on-call-store.ts'

export interface Passkey extends PasskeyView {
  readonly userId: UserId
  /** The host it is good for. */
  readonly rpId: string
  /** COSE. */
  readonly publicKey: Uint8Array<ArrayBuffer>
  /** Uses, as the authenticator counts them; 0 for ever: it does not. */
  readonly counter: number
  readonly transports: readonly string[]
}

export interface Totp {
  /** Null: it cannot be opened with the keys that are here, and no code is right. She has an app all the same. */
  readonly secret: Uint8Array | null
  /** The step of the last code that was used. */
  readonly lastStep: number
  readonly addedAt: Instant
}

/** How people prove who they are, apart from passwords. Every change has its row in the audit trail. */
export interface FactorStore {
  /** Null: she has no app. */
  totp(userId: UserId): Promise<Totp | null>
  /** In place of one there was. */
  setTotp(userId: UserId, secret: Uint8Array, lastStep: number, act: Act): Promise<void>
  removeTotp(userId: UserId, act: Act): Promise<boolean>
  /** False: a code of this step or a later one was used meanwhile. */
  useTotpStep(userId: UserId, step: number): Promise<boolean>
  /** Oldest first. */
  passkeys(userId: UserId): Promise<readonly Passkey[]>
  passkey(credentialId: string): Promise<Passkey | null>
  /** False: it is known already. */
  addPasskey(passkey: Passkey, act: Act): Promise<boolean>
  usedPasskey(credentialId: string, counter: number, at: Instant): Promise<void>
  /** False: she has no such passkey. */
  renamePasskey(userId: UserId, credentialId: string, name: string, act: Act): Promise<boolean>
  removePasskey(userId: UserId, credentialId: string, act: Act): Promise<boolean>
  recoveryLeft(userId: UserId): Promise<number>
  /** In place of those there were. */
  setRecoveryCodes(userId: UserId, hashes: readonly string[], act: Act): Promise<void>
  /** How many are left; null: it is none of hers, or was used. */
  useRecoveryCode(userId: UserId, hash: string, at: Instant): Promise<number | null>
  /** All of it goes, and her sessions with it: she enrols anew at her next sign-in. Answers the sessions that ended. */
  reset(userId: UserId, reason: string, act: Act): Promise<readonly string[]>
  /** The last reset since which she has set up nothing; null: there is none. */
  openReset(userId: UserId): Promise<FactorReset | null>
}
