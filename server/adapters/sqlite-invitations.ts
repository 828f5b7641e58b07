import type { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { UserId } from '#domain/ids.ts'
import { instant } from '#domain/time.ts'
import type { AuditedChange } from '../core/audit.ts'
import type { Invitation, InvitationStore } from '../core/invitations.ts'

const put = `INSERT INTO app_invitation (user_id, token_hash, expires_at) VALUES (?, ?, ?)
  ON CONFLICT (user_id) DO UPDATE SET token_hash = excluded.token_hash, expires_at = excluded.expires_at`
const withdraw = 'DELETE FROM app_invitation WHERE user_id = ?'
const all = 'SELECT * FROM app_invitation'
const find = 'SELECT * FROM app_invitation WHERE token_hash = ?'
const use = 'DELETE FROM app_invitation WHERE token_hash = ?'
const setPassword = 'UPDATE app_user SET password_hash = ? WHERE user_id = ?'
const endSessions = 'DELETE FROM app_session WHERE user_id = ? RETURNING id_hash'

const Row = z
  .object({ user_id: UserId, token_hash: z.string(), expires_at: z.number() })
  .transform((row): Invitation => ({
    userId: row.user_id,
    tokenHash: row.token_hash,
    expiresAt: instant(row.expires_at),
  }))
const Ended = z.object({ id_hash: z.string() })

/** Invitations beside the accounts, in the journal's database. */
export const createSqliteInvitations = (database: DatabaseSync, change: AuditedChange): InvitationStore => {
  const sql = {
    put: database.prepare(put),
    withdraw: database.prepare(withdraw),
    all: database.prepare(all),
    find: database.prepare(find),
    use: database.prepare(use),
    setPassword: database.prepare(setPassword),
    endSessions: database.prepare(endSessions),
  }
  return {
    async put({ userId, tokenHash, expiresAt }, { by, at }) {
      change((note) => {
        sql.put.run(userId, tokenHash, expiresAt)
        note({ at, actor: by.userId, action: 'invitation.make', object: `user:${userId}` })
      })
    },
    async withdraw(userId, { by, at }) {
      return change((note) => {
        const { changes } = sql.withdraw.run(userId)
        if (Number(changes) === 0) return false
        note({ at, actor: by.userId, action: 'invitation.withdraw', object: `user:${userId}` })
        return true
      })
    },
    async all() {
      return sql.all.all().map((row) => Row.parse(row))
    },
    async find(tokenHash) {
      const row = sql.find.get(tokenHash)
      return row === undefined ? null : Row.parse(row)
    },
    async accept({ userId, tokenHash }, passwordHash, at) {
      return change((note) => {
        const { changes } = sql.use.run(tokenHash)
        if (Number(changes) === 0) return null
        if (passwordHash !== null) sql.setPassword.run(passwordHash, userId)
        const ended = sql.endSessions.all(userId).map((row) => Ended.parse(row).id_hash)
        note({ at, actor: userId, action: 'invitation.use', object: `user:${userId}` })
        return ended
      })
    },
  }
}
