import type { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { UserId } from '#domain/ids.ts'
import { Role } from '#domain/live/views.ts'
import { TeamId } from '#domain/on-call/duty.ts'
import { Factor } from '#domain/people/factors.ts'
import { instant } from '#domain/time.ts'
import { noPassword } from '../core/accounts.ts'
import type { AccountStore, Session, User } from '../core/accounts.ts'
import type { AuditedChange } from '../core/audit.ts'

const addUser = `INSERT INTO app_user (user_id, name, name_key, role, password_hash, disabled)
  VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`
const addKiosk = 'INSERT INTO app_kiosk (user_id, team_id) VALUES (?, ?)'
const userByName = 'SELECT * FROM app_user LEFT JOIN app_kiosk USING (user_id) WHERE name_key = ?'
const userById = 'SELECT * FROM app_user LEFT JOIN app_kiosk USING (user_id) WHERE user_id = ?'
const allUsers = 'SELECT * FROM app_user LEFT JOIN app_kiosk USING (user_id) ORDER BY name_key'
const setPasswordHash = 'UPDATE app_user SET password_hash = ? WHERE user_id = ?'
const setRole = 'UPDATE app_user SET role = ? WHERE user_id = ?'
const otherAdmin = `SELECT 1 FROM app_user
  WHERE role = 'admin' AND disabled = 0 AND user_id <> ? AND password_hash <> '${noPassword}'`
const setDisabled = 'UPDATE app_user SET disabled = ? WHERE user_id = ?'
const endSessionsOf = 'DELETE FROM app_session WHERE user_id = ? RETURNING id_hash'
const addClient = 'INSERT INTO app_session_client (id_hash, device, origin) VALUES (?, ?, ?)'
const addSession = `INSERT INTO app_session (id_hash, user_id, started_at, last_seen_at, proven_at, factors)
  VALUES (?, ?, ?, ?, ?, ?)`
const renewSession = 'UPDATE app_session SET id_hash = ?, proven_at = ?, factors = ? WHERE id_hash = ?'
const sessionByHash = `SELECT * FROM app_session JOIN app_user USING (user_id) LEFT JOIN app_kiosk USING (user_id)
  LEFT JOIN app_session_client USING (id_hash) WHERE id_hash = ?`
const sessionsOf = 'SELECT * FROM app_session LEFT JOIN app_session_client USING (id_hash) WHERE user_id = ?'
const revokeSession = 'DELETE FROM app_session WHERE id_hash = ? AND user_id = ?'
const touchSession = 'UPDATE app_session SET last_seen_at = max(last_seen_at, ?) WHERE id_hash = ?'
const endSession = 'DELETE FROM app_session WHERE id_hash = ?'
const sweepSessions = `DELETE FROM app_session WHERE (started_at < ? OR last_seen_at < ?)
  AND user_id NOT IN (SELECT user_id FROM app_user WHERE role = 'kiosk')`

const UserRow = z
  .object({
    user_id: UserId,
    name: z.string(),
    role: Role,
    password_hash: z.string(),
    disabled: z.number(),
    team_id: TeamId.nullable(),
  })
  .transform((row): User => ({
    userId: row.user_id,
    name: row.name,
    role: row.role,
    passwordHash: row.password_hash,
    disabled: row.disabled !== 0,
    ...(row.team_id === null ? {} : { wardOf: row.team_id }),
  }))
// Asked for each request: a schema is not made anew for each row.
const Factors = z.array(Factor)
const SessionRow = z
  .object({
    id_hash: z.string(),
    user_id: UserId,
    started_at: z.number(),
    last_seen_at: z.number(),
    // Null: opened by a release that did not ask.
    device: z.string().nullable(),
    origin: z.string().nullable(),
    proven_at: z.number(),
    factors: z.string().transform((words) => Factors.parse(words.split(' '))),
  })
  .transform((row): Session => ({
    idHash: row.id_hash,
    userId: row.user_id,
    client: { device: row.device ?? '', origin: row.origin ?? '' },
    startedAt: instant(row.started_at),
    lastSeenAt: instant(row.last_seen_at),
    provenAt: instant(row.proven_at),
    factors: row.factors,
  }))

const nameKey = (name: string): string => name.normalize('NFC').toLowerCase()

/** People and their sessions in the journal's database; the connection belongs to the caller. */
export const createSqliteAccounts = (database: DatabaseSync, change: AuditedChange): AccountStore => {
  const sql = {
    addUser: database.prepare(addUser),
    addKiosk: database.prepare(addKiosk),
    userByName: database.prepare(userByName),
    userById: database.prepare(userById),
    users: database.prepare(allUsers),
    setPasswordHash: database.prepare(setPasswordHash),
    setRole: database.prepare(setRole),
    isAdmin: database.prepare("SELECT 1 FROM app_user WHERE user_id = ? AND role = 'admin' AND disabled = 0"),
    otherAdmin: database.prepare(otherAdmin),
    setDisabled: database.prepare(setDisabled),
    endSessionsOf: database.prepare(endSessionsOf),
    addSession: database.prepare(addSession),
    addClient: database.prepare(addClient),
    renewSession: database.prepare(renewSession),
    session: database.prepare(sessionByHash),
    sessionsOf: database.prepare(sessionsOf),
    revokeSession: database.prepare(revokeSession),
    touchSession: database.prepare(touchSession),
    endSession: database.prepare(endSession),
    sweepSessions: database.prepare(sweepSessions),
  }
  const isLastAdmin = (userId: UserId): boolean =>
    sql.isAdmin.get(userId) !== undefined && sql.otherAdmin.get(userId) === undefined
  return {
    async addUser(user, { by, at }) {
      const { userId, name, role, passwordHash, disabled, wardOf } = user
      return change((note) => {
        const { changes } = sql.addUser.run(userId, name, nameKey(name), role, passwordHash, disabled ? 1 : 0)
        const added = Number(changes) === 1
        if (added && wardOf !== undefined) sql.addKiosk.run(userId, wardOf)
        if (added) note({ at, actor: by.userId, action: 'user.add', object: `user:${userId}`, after: { name, role } })
        return added
      })
    },
    async userByName(name) {
      const row = sql.userByName.get(nameKey(name))
      return row === undefined ? null : UserRow.parse(row)
    },
    async userById(userId) {
      const row = sql.userById.get(userId)
      return row === undefined ? null : UserRow.parse(row)
    },
    async users() {
      return sql.users.all().map((row) => UserRow.parse(row))
    },
    async setPasswordHash(userId, passwordHash, act) {
      change((note) => {
        sql.setPasswordHash.run(passwordHash, userId)
        if (act !== null) note({ at: act.at, actor: act.by.userId, action: 'user.password', object: `user:${userId}` })
      })
    },
    async setRole(userId, role, { by, at }) {
      return change((note) => {
        if (role !== 'admin' && isLastAdmin(userId)) return false
        sql.setRole.run(role, userId)
        sql.endSessionsOf.all(userId)
        note({ at, actor: by.userId, action: 'user.role', object: `user:${userId}`, after: { role } })
        return true
      })
    },
    async setDisabled(userId, disabled, { by, at }) {
      return change((note) => {
        if (disabled && isLastAdmin(userId)) return false
        sql.setDisabled.run(disabled ? 1 : 0, userId)
        sql.endSessionsOf.all(userId)
        note({ at, actor: by.userId, action: disabled ? 'user.disable' : 'user.enable', object: `user:${userId}` })
        return true
      })
    },
    async addSession({ idHash, userId, client, startedAt, lastSeenAt, provenAt, factors }) {
      change((note) => {
        sql.addSession.run(idHash, userId, startedAt, lastSeenAt, provenAt, factors.join(' '))
        sql.addClient.run(idHash, client.device, client.origin)
        const after = { factors: [...factors] }
        note({ at: startedAt, actor: userId, action: 'session.begin', object: `user:${userId}`, after })
      })
    },
    async renewSession(idHash, { idHash: newHash, userId, provenAt, factors }) {
      return change((note) => {
        const { changes } = sql.renewSession.run(newHash, provenAt, factors.join(' '), idHash)
        if (Number(changes) === 0) return false
        const after = { factors: [...factors] }
        note({ at: provenAt, actor: userId, action: 'session.prove', object: `user:${userId}`, after })
        return true
      })
    },
    async session(idHash) {
      const row = sql.session.get(idHash)
      return row === undefined ? null : { session: SessionRow.parse(row), user: UserRow.parse(row) }
    },
    async touchSession(idHash, lastSeenAt) {
      sql.touchSession.run(lastSeenAt, idHash)
    },
    async endSession(idHash, at) {
      const row = sql.session.get(idHash)
      if (row === undefined) return
      const { userId } = SessionRow.parse(row)
      change((note) => {
        sql.endSession.run(idHash)
        note({ at, actor: userId, action: 'session.end', object: `user:${userId}` })
      })
    },
    async sessionsOf(userId) {
      return sql.sessionsOf.all(userId).map((row) => SessionRow.parse(row))
    },
    async revokeSessions(userId, idHashes, { by, at }) {
      change((note) => {
        for (const idHash of idHashes) {
          const { changes } = sql.revokeSession.run(idHash, userId)
          if (Number(changes) > 0) note({ at, actor: by.userId, action: 'session.revoke', object: `user:${userId}` })
        }
      })
    },
    async endSessionsOf(userId) {
      return sql.endSessionsOf.all(userId).map((row) => z.object({ id_hash: z.string() }).parse(row).id_hash)
    },
    async sweepSessions(startedBefore, seenBefore) {
      sql.sweepSessions.run(startedBefore, seenBefore)
    },
  }
}
