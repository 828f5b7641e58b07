import type { DatabaseSync } from 'node:sqlite'
import { UserId } from '#domain/ids.ts'
import { instant } from '#domain/time.ts'
import type { AuditNote } from '#domain/audit/entry.ts'
import type { AuditedChange } from '#server/core/audit.ts'
import type { FactorStore, Passkey } from '#server/core/factor-store.ts'
import type { Act } from '#server/core/on-call-store.ts'
import type { PatientCipher } from '#server/core/patient-cipher.ts'
import * as sql from './factor-sql.ts'
import { number, numberOrNull, text } from './row.ts'
import type { Row } from './row.ts'

export const totpPlace = (userId: string) => ({ column: 'totp', rowId: userId }) as const

const bytes = (row: Row, column: string): Uint8Array<ArrayBuffer> => {
  const value = row[column]
  if (!(value instanceof Uint8Array)) throw new TypeError(`${column} holds no bytes`)
  return new Uint8Array(value)
}

const passkeyOf = (row: Row): Passkey => ({
  credentialId: text(row, 'credential_id'),
  userId: UserId.parse(text(row, 'user_id')),
  rpId: text(row, 'rp_id'),
  name: text(row, 'name'),
  publicKey: bytes(row, 'public_key'),
  counter: number(row, 'counter'),
  transports: text(row, 'transports').split(' ').filter(Boolean),
  addedAt: number(row, 'added_at'),
  usedAt: numberOrNull(row, 'used_at'),
})

const rowOf = (userId: UserId, { by, at }: Act, action: AuditNote['action'], more: Partial<AuditNote> = {}) => ({
  at,
  actor: by.userId,
  action,
  object: `user:${userId}`,
  ...more,
})

/** In the journal's database; secrets of apps are sealed with the keys of the table of patients. */
export const createSqliteFactors = (
  database: DatabaseSync,
  change: AuditedChange,
  cipher: PatientCipher,
): FactorStore => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- one statement for each text
  const run = Object.fromEntries(Object.entries(sql).map(([name, words]) => [name, database.prepare(words)])) as {
    [K in keyof typeof sql]: ReturnType<DatabaseSync['prepare']>
  }
  const left = (userId: UserId): number => {
    const row = run.recoveryLeft.get(userId)
    return row === undefined ? 0 : number(row, 'codes')
  }
  return {
    async totp(userId) {
      const row = run.totpOf.get(userId)
      if (row === undefined) return null
      const secret = cipher.open(text(row, 'key_id'), totpPlace(userId), bytes(row, 'secret'))
      return {
        secret: secret === null ? null : new Uint8Array(Buffer.from(secret, 'hex')),
        lastStep: number(row, 'last_step'),
        addedAt: instant(number(row, 'added_at')),
      }
    },
    async setTotp(userId, secret, lastStep, act) {
      change((note) => {
        const keyId = cipher.currentKeyId()
        const sealed = cipher.seal(keyId, totpPlace(userId), Buffer.from(secret).toString('hex'))
        run.setTotp.run(userId, keyId, sealed, act.at, lastStep)
        run.resetsDone.run(act.at, userId)
        note(rowOf(userId, act, 'factor.totp'))
      })
    },
    async removeTotp(userId, act) {
      return change((note) => {
        const removed = Number(run.removeTotp.run(userId).changes) === 1
        if (removed) note(rowOf(userId, act, 'factor.totp-remove'))
        return removed
      })
    },
    async useTotpStep(userId, step) {
      return Number(run.useTotpStep.run(step, userId, step).changes) === 1
    },
    async passkeys(userId) {
      return run.passkeysOf.all(userId).map(passkeyOf)
    },
    async passkey(credentialId) {
      const row = run.passkeyById.get(credentialId)
      return row === undefined ? null : passkeyOf(row)
    },
    async addPasskey(passkey, act) {
      const { credentialId, userId, rpId, name, publicKey, counter, transports, addedAt } = passkey
      return change((note) => {
        const { changes } = run.addPasskey.run(
          credentialId,
          userId,
          rpId,
          name,
          publicKey,
          counter,
          transports.join(' '),
          addedAt,
        )
        const added = Number(changes) === 1
        if (added) run.resetsDone.run(act.at, userId)
        if (added) note(rowOf(userId, act, 'factor.passkey', { after: { credentialId, rpId } }))
        return added
      })
    },
    async usedPasskey(credentialId, counter, at) {
      run.usedPasskey.run(counter, at, credentialId)
    },
    async renamePasskey(userId, credentialId, name, act) {
      return change((note) => {
        const renamed = Number(run.renamePasskey.run(name, credentialId, userId).changes) === 1
        if (renamed) note(rowOf(userId, act, 'factor.passkey-name', { after: { credentialId, name } }))
        return renamed
      })
    },
    async removePasskey(userId, credentialId, act) {
      return change((note) => {
        const removed = Number(run.removePasskey.run(credentialId, userId).changes) === 1
        if (removed) note(rowOf(userId, act, 'factor.passkey-remove', { before: { credentialId } }))
        return removed
      })
    },
    async recoveryLeft(userId) {
      return left(userId)
    },
    async setRecoveryCodes(userId, hashes, act) {
      change((note) => {
        run.removeRecoveryCodes.run(userId)
        for (const hash of hashes) run.addRecoveryCode.run(userId, hash, act.at)
        note(rowOf(userId, act, 'factor.recovery'))
      })
    },
    async useRecoveryCode(userId, hash, at) {
      return change((note) => {
        if (Number(run.useRecoveryCode.run(at, userId, hash).changes) === 0) return null
        const remaining = left(userId)
        const after = { left: remaining }
        note({ at, actor: userId, action: 'factor.recovery-use', object: `user:${userId}`, after })
        return remaining
      })
    },
    async reset(userId, reason, act) {
      return change((note) => {
        for (const each of [run.removeTotp, run.removePasskeysOf, run.removeRecoveryCodes]) each.run(userId)
        run.addReset.run(userId, act.by.userId, act.by.name, reason, act.at)
        note(rowOf(userId, act, 'factor.reset', { after: { reason } }))
        return run.endSessionsOf.all(userId).map((row) => text(row, 'id_hash'))
      })
    },
    async openReset(userId) {
      const row = run.openReset.get(userId)
      if (row === undefined) return null
      return { at: number(row, 'reset_at'), by: text(row, 'by_name'), reason: text(row, 'reason') }
    },
  }
}
