import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { GatewayError, messageOf } from '../../core/errors.ts'
import { pragma } from './open-file.ts'
import { isBusy } from './sqlite-errors.ts'
import type { Lane } from '#domain/uplink/records.ts'

export interface LaneInspection {
  readonly rows: number
  /** Of `rows`: stand for many. */
  readonly thinned: number
  /** The hub's wall clock when it was written, ms; null when nothing waits. */
  readonly oldestWallAt: number | null
  readonly newestWallAt: number | null
  readonly usedBytes: number
  readonly freeBytes: number
  readonly logBytes: number
}

export interface QuarantinedRow {
  readonly lane: Lane
  readonly seq: number
  readonly bootId: string | null
  readonly kind: string | null
  readonly pumpId: string | null
  readonly wallAt: number | null
  readonly reason: string
  /** False when the cap took it. */
  readonly bodyKept: boolean
}

export interface OutboxInspection {
  readonly folder: string
  readonly running: boolean
  readonly alarm: LaneInspection
  readonly telemetry: LaneInspection
  /** Numbers named by tombstones, and tombstones that are not on the alarm lane yet. */
  readonly tombstoned: number
  readonly tombstonesUncopied: number
  readonly quarantined: number
  /** The newest of them. */
  readonly quarantinedRows: readonly QuarantinedRow[]
  /** Damaged files that were kept, by name. */
  readonly setAside: readonly { readonly name: string; readonly bytes: number }[]
  readonly ballastBytes: number
}

const rowsShown = 50
const busyTimeoutMs = 2_000

/** A look from outside: each question is a read of its own and short, so the hub that runs is not held up. */
export const inspectOutbox = (folder: string): OutboxInspection => {
  if (!existsSync(join(folder, 'alarm.db')))
    throw new GatewayError('GW_OUTBOX_MISSING', `there is no outbox in ${folder}`)
  using alarm = openToRead(join(folder, 'alarm.db'))
  using telemetry = openToRead(join(folder, 'telemetry.db'))
  const files = { alarm, telemetry }
  const quarantinedRows = (['alarm', 'telemetry'] as const).flatMap((lane) => quarantineOf(lane, files[lane]))
  return {
    folder,
    running: isLocked(folder),
    alarm: laneOf(alarm, join(folder, 'alarm.db')),
    telemetry: laneOf(telemetry, join(folder, 'telemetry.db')),
    tombstoned: numberOf(telemetry, 'SELECT coalesce(sum(tombstoned), 0) AS n FROM ledger'),
    tombstonesUncopied: numberOf(telemetry, 'SELECT count(*) AS n FROM tombstones'),
    quarantined:
      numberOf(alarm, 'SELECT count(*) AS n FROM quarantine') +
      numberOf(telemetry, 'SELECT count(*) AS n FROM quarantine'),
    quarantinedRows: quarantinedRows.toSorted((a, b) => b.seq - a.seq).slice(0, rowsShown),
    setAside: readdirSync(folder)
      .filter((name) => /\.damaged-.*\.db$/.test(name))
      .toSorted((a, b) => a.localeCompare(b))
      .map((name) => ({ name, bytes: sizeOf(join(folder, name)) })),
    ballastBytes: sizeOf(join(folder, 'ballast')),
  }
}

export const openToRead = (path: string): DatabaseSync => {
  try {
    const database = new DatabaseSync(path, { readOnly: true, timeout: busyTimeoutMs })
    database.prepare('SELECT count(*) FROM sqlite_schema').get()
    return database
  } catch (cause) {
    throw new GatewayError('GW_OUTBOX_UNFIT', `${path} cannot be read: ${messageOf(cause)}`, { cause })
  }
}

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0

/** Zero where the file is older than the question. */
const numberOf = (database: DatabaseSync, question: string): number => numberOrNull(database, question) ?? 0

const numberOrNull = (database: DatabaseSync, question: string): number | null => {
  try {
    const n = database.prepare(question).get()?.['n']
    return typeof n === 'number' ? n : null
  } catch (error) {
    if (error instanceof Error && /no such (table|column)/.test(error.message)) return null
    throw error
  }
}

const laneOf = (database: DatabaseSync, path: string): LaneInspection => {
  const thinned = numberOf(database, 'SELECT count(*) AS n FROM thinned')
  const wall = (edge: 'min' | 'max'): number | null => {
    const order = edge === 'min' ? 'ASC' : 'DESC'
    const walls = ['records', 'thinned'].flatMap(
      (table) => numberOrNull(database, `SELECT wall_ms AS n FROM ${table} ORDER BY seq ${order} LIMIT 1`) ?? [],
    )
    return walls.length === 0 ? null : Math[edge](...walls)
  }
  const pageBytes = Number(pragma(database, 'page_size'))
  const free = Number(pragma(database, 'freelist_count')) * pageBytes
  return {
    rows: numberOf(database, 'SELECT count(*) AS n FROM records') + thinned,
    thinned,
    oldestWallAt: wall('min'),
    newestWallAt: wall('max'),
    usedBytes: Number(pragma(database, 'page_count')) * pageBytes - free,
    freeBytes: free,
    logBytes: sizeOf(`${path}-wal`),
  }
}

const quarantineOf = (lane: Lane, database: DatabaseSync): readonly QuarantinedRow[] =>
  database
    .prepare(
      `SELECT seq, boot_id, kind, pump_id, wall_ms, reason, body IS NOT NULL AS kept FROM quarantine ORDER BY seq DESC LIMIT ${rowsShown}`,
    )
    .all()
    .map((row) => ({
      lane,
      seq: Number(row['seq']),
      bootId: textOrNull(row['boot_id']),
      kind: textOrNull(row['kind']),
      pumpId: textOrNull(row['pump_id']),
      wallAt: typeof row['wall_ms'] === 'number' ? row['wall_ms'] : null,
      reason: textOrNull(row['reason']) ?? '',
      bodyKept: row['kept'] === 1,
    }))

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null)

/** A hub that runs holds its lock; whoever only reads is told so and takes nothing. */
const isLocked = (folder: string): boolean => {
  const path = join(folder, 'lock.db')
  if (!existsSync(path)) return false
  try {
    using lock = new DatabaseSync(path, { readOnly: true, timeout: 0 })
    lock.prepare('SELECT count(*) FROM sqlite_schema').get()
    return false
  } catch (error) {
    return isBusy(error)
  }
}
