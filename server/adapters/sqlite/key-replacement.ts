import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { ServerError } from '#server/core/errors.ts'
import type { Act } from '#server/core/on-call-store.ts'
import type { KeyReplacement } from '#server/core/patient-records.ts'
import * as factorSql from './factor-sql.ts'
import { totpPlace } from './factor-store.ts'
import type { PatientRecordsParts } from './patient-records.ts'
import * as sql from './patient-use-sql.ts'
import { number, text } from './row.ts'

/**
 * Replaces the key of the table of patients beside a running server. At each moment every row is under a key that is in the file:
 * the new key is there before the first row is under it, and an old one goes only when no row is, in a transaction that keeps
 * writers out. So a kill at any step leaves what can be read, and the next run goes on.
 */
export class SqliteKeyReplacement implements KeyReplacement {
  readonly #parts: PatientRecordsParts
  readonly #next: StatementSync
  readonly #left: StatementSync
  readonly #reseal: StatementSync
  readonly #totpsLeft: StatementSync
  readonly #resealTotp: StatementSync
  #after = ''

  constructor(database: DatabaseSync, parts: PatientRecordsParts) {
    this.#parts = parts
    this.#next = database.prepare(sql.usesUnderOtherKeys)
    this.#left = database.prepare(sql.countUnderOtherKeys)
    this.#reseal = database.prepare(sql.resealUse)
    this.#totpsLeft = database.prepare(factorSql.totpsUnderOtherKeys)
    this.#resealTotp = database.prepare(factorSql.resealTotp)
  }

  begin({ by, at }: Act): { readonly newest: string; readonly others: readonly string[] } {
    const { keys, transaction, audit } = this.#parts
    transaction(() => {
      const known = keys.keys()
      if (known.length === 1 && keys.change === null)
        throw new ServerError(
          'SRV_CONFIG',
          'PATIENT_KEYS has one key: put the new one in front of it, then start again',
        )
      if (known.length === 1) keys.change?.([keys.newKey(), ...known])
      audit.add([{ at, actor: by.userId, action: 'patient.key', object: `key:${this.#newest()}` }])
    })
    const [newest = '', ...others] = keys.keys().map(({ id }) => id)
    return { newest, others }
  }

  left(): number {
    const row = this.#left.get(this.#newest())
    return (row === undefined ? 0 : number(row, 'rows')) + this.#totpsLeft.all(this.#newest()).length
  }

  step(limit: number): number {
    return this.#parts.transaction(() => {
      const rows = this.#next.all(this.#newest(), this.#after, limit)
      for (const row of rows) {
        const rowId = text(row, 'row_id')
        const sealed = this.#parts.rows.resealed(row)
        if (sealed !== null) this.#reseal.run(...sealed, rowId)
        this.#after = rowId
      }
      if (rows.length > 0) return rows.length
      this.#after = ''
      this.#resealTotps()
      return 0
    })
  }

  /** Secrets of second factors, one a person: few. What cannot be opened stays as it is. */
  #resealTotps(): void {
    const { cipher } = this.#parts
    const newest = this.#newest()
    for (const row of this.#totpsLeft.all(newest)) {
      const place = totpPlace(text(row, 'user_id'))
      const sealed = row['secret']
      const secret = sealed instanceof Uint8Array ? cipher.open(text(row, 'key_id'), place, sealed) : null
      if (secret !== null) this.#resealTotp.run(newest, cipher.seal(newest, place, secret), place.rowId)
    }
  }

  end(): boolean {
    const { keys, transaction } = this.#parts
    return transaction(() => {
      if (this.left() > 0) return false
      const [newest] = keys.keys()
      if (newest !== undefined) keys.change?.([newest])
      return true
    })
  }

  #newest(): string {
    return this.#parts.keys.keys()[0]?.id ?? ''
  }
}
