/** Columns about a person that are stored encrypted, each by itself. */
export const sealedColumns = ['label', 'phone', 'therapy', 'criticality', 'time_zone', 'plan'] as const
export type SealedColumn = (typeof sealedColumns)[number]

/** Where a sealed text stands: it opens nowhere else. `totp`: the secret of a person's authenticator app, by her id. */
export interface SealedPlace {
  readonly column: SealedColumn | 'totp'
  readonly rowId: string
}

/** Encrypts what is about a patient (security.md 10), and the secrets of second factors (security.md 4). */
export interface PatientCipher {
  /** The key that `seal` uses now. To be asked inside the transaction that stores what was sealed. */
  currentKeyId(): string
  seal(keyId: string, place: SealedPlace, text: string): Uint8Array
  /** Null: that key is not here, or the bytes are not what was sealed in this place. */
  open(keyId: string, place: SealedPlace, sealed: Uint8Array): string | null
}

/** The keys there are, newest first; at least one. While a key is replaced there are two. */
export interface PatientKeys {
  /** As they are now: another process may have added or removed one. */
  keys(): readonly PatientKey[]
  /** Durable when it returns. Null: they are set by the environment, which this program does not write. */
  readonly change: ((keys: readonly PatientKey[]) => void) | null
  newKey(): PatientKey
}

export interface PatientKey {
  /** The first 8 characters of SHA-256 of the key, hexadecimal. */
  readonly id: string
  /** 32 bytes. */
  readonly bytes: Uint8Array
}
