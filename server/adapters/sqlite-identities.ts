import type { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { UserId } from '#domain/ids.ts'
import type { AuditedChange } from '../core/audit.ts'
import type { IdentityStore } from '../core/single-sign-on.ts'

const find = 'SELECT user_id FROM app_identity WHERE issuer = ? AND subject = ?'
const linked = 'SELECT 1 FROM app_identity WHERE user_id = ?'
const link = `INSERT INTO app_identity (user_id, issuer, subject) VALUES (?, ?, ?)
  ON CONFLICT (user_id) DO UPDATE SET issuer = excluded.issuer, subject = excluded.subject`

const Row = z.object({ user_id: UserId })

/** Identities beside the accounts, in the journal's database. */
export const createSqliteIdentities = (database: DatabaseSync, change: AuditedChange): IdentityStore => {
  const sql = { find: database.prepare(find), linked: database.prepare(linked), link: database.prepare(link) }
  return {
    async find({ issuer, subject }) {
      const row = sql.find.get(issuer, subject)
      return row === undefined ? null : Row.parse(row).user_id
    },
    async isLinked(userId) {
      return sql.linked.get(userId) !== undefined
    },
    async link(userId, { issuer, subject }, { by, at }) {
      change((note) => {
        sql.link.run(userId, issuer, subject)
        note({ at, actor: by.userId, action: 'identity.link', object: `user:${userId}`, after: { issuer, subject } })
      })
    },
  }
}
