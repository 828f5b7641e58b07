import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import { z } from 'zod'
import { UserId } from '#domain/ids.ts'
import { instant } from '#domain/time.ts'
import type { AuditedChange } from '../core/audit.ts'
import type { PushDevice, PushDevices } from '../core/push-devices.ts'

const columns = `device_id, user_id, endpoint, p256dh, auth, name, created_at, last_ok_at, last_failure_at, last_failure,
  last_shown_at, gone_at`
// A browser that subscribes again is the same device, well again, whoever is signed in there now.
const put = `INSERT INTO push_device (device_id, user_id, endpoint, p256dh, auth, name, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (endpoint) DO UPDATE SET user_id = excluded.user_id, p256dh = excluded.p256dh, auth = excluded.auth,
    name = excluded.name, last_failure_at = NULL, last_failure = NULL, gone_at = NULL
  RETURNING ${columns}`
const ofUser = `SELECT ${columns} FROM push_device WHERE user_id = ? ORDER BY created_at, device_id`
const byId = `SELECT ${columns} FROM push_device WHERE device_id = ?`
const remove = 'DELETE FROM push_device WHERE user_id = ? AND device_id = ?'
const sent = 'UPDATE push_device SET last_ok_at = ? WHERE device_id = ?'
const failed = `UPDATE push_device SET last_failure_at = ?, last_failure = ?, gone_at = CASE WHEN ? THEN ? ELSE gone_at END
  WHERE device_id = ?`
const shown = 'UPDATE push_device SET last_shown_at = ? WHERE device_id = ?'
const endpoints = `SELECT endpoint FROM push_device WHERE gone_at IS NULL
  ORDER BY coalesce(last_ok_at, created_at) DESC LIMIT ?`

const when = z.number().transform(instant)
const DeviceRow = z
  .object({
    device_id: z.string(),
    user_id: UserId,
    endpoint: z.string(),
    p256dh: z.string(),
    auth: z.string(),
    name: z.string(),
    created_at: when,
    last_ok_at: when.nullable(),
    last_failure_at: when.nullable(),
    last_failure: z.string().nullable(),
    last_shown_at: when.nullable(),
    gone_at: when.nullable(),
  })
  .transform((row): PushDevice => ({
    deviceId: row.device_id,
    userId: row.user_id,
    endpoint: row.endpoint,
    p256dh: row.p256dh,
    auth: row.auth,
    name: row.name,
    createdAt: row.created_at,
    lastOkAt: row.last_ok_at,
    lastFailureAt: row.last_failure_at,
    lastFailure: row.last_failure,
    lastShownAt: row.last_shown_at,
    goneAt: row.gone_at,
  }))
const EndpointRow = z.object({ endpoint: z.string() })

/** Pushed browsers in the journal's database. The connection belongs to the caller. */
export const createSqlitePushDevices = (database: DatabaseSync, change: AuditedChange): PushDevices => {
  const run = (sql: string) => {
    const statement = database.prepare(sql)
    return (...values: SQLInputValue[]): void => void statement.run(...values)
  }
  const sql = {
    put: database.prepare(put),
    ofUser: database.prepare(ofUser),
    byId: database.prepare(byId),
    remove: database.prepare(remove),
    sent: run(sent),
    failed: run(failed),
    shown: run(shown),
    endpoints: database.prepare(endpoints),
  }
  return {
    async put({ deviceId, userId, endpoint, p256dh, auth, name, createdAt }) {
      return change((note) => {
        const device = DeviceRow.parse(sql.put.get(deviceId, userId, endpoint, p256dh, auth, name, createdAt))
        note({ at: createdAt, actor: userId, action: 'device.add', object: `device:${device.deviceId}` })
        return device
      })
    },
    async ofUser(userId) {
      return sql.ofUser.all(userId).map((row) => DeviceRow.parse(row))
    },
    async device(deviceId) {
      const row = sql.byId.get(deviceId)
      return row === undefined ? null : DeviceRow.parse(row)
    },
    async remove(userId, deviceId, at) {
      return change((note) => {
        const removed = Number(sql.remove.run(userId, deviceId).changes) === 1
        if (removed) note({ at, actor: userId, action: 'device.remove', object: `device:${deviceId}` })
        return removed
      })
    },
    async sent(deviceId, at) {
      sql.sent(at, deviceId)
    },
    async failed(deviceId, reason, gone, at) {
      sql.failed(at, reason, gone ? 1 : 0, at, deviceId)
    },
    async shown(deviceId, at) {
      sql.shown(at, deviceId)
    },
    async endpoints(limit) {
      return sql.endpoints.all(limit).map((row) => EndpointRow.parse(row).endpoint)
    },
  }
}
