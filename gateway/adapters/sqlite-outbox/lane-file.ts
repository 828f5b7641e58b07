import { existsSync, renameSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { PumpId } from '#domain/ids.ts'
import { GatewayError, messageOf } from '../../core/errors.ts'
import { failpoint } from './failpoint.ts'
import { readRow, toColumns } from './row.ts'
import { schema, sql } from './sql.ts'
import type { BootId } from '#domain/ids.ts'
import type { Lane, UplinkRecord } from '#domain/uplink/records.ts'
import type { NewRecord, QuarantineNotice } from '../../core/ports.ts'
import type { Row } from './row.ts'

/** Older libraries may corrupt a WAL when it is reset: 3.7.0 to 3.51.2 (reliability.md 3 rule 18). */
const oldestFitSqlite = [3, 51, 3] as const

/** Somebody who looks into the file may hold it this long, ms, before that counts as an I/O error. */
const busyTimeoutMs = 2_000

const open = (path: string): DatabaseSync => {
  const database = new DatabaseSync(path, { timeout: busyTimeoutMs })
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;')
    const check = database.prepare('PRAGMA quick_check(1)').get()
    if (check?.['quick_check'] !== 'ok') throw new GatewayError('GW_OUTBOX_UNFIT', `${path} fails its integrity check`)
    database.exec(schema)
    assertFit(database, path)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

const assertFit = (database: DatabaseSync, path: string): void => {
  const version = String(database.prepare('SELECT sqlite_version() AS v').get()?.['v'])
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  const [needMajor, needMinor, needPatch] = oldestFitSqlite
  if (major * 1e6 + minor * 1e3 + patch < needMajor * 1e6 + needMinor * 1e3 + needPatch)
    throw new GatewayError('GW_OUTBOX_UNFIT', `SQLite ${version} is too old, ${oldestFitSqlite.join('.')} is needed`)
  const journal = database.prepare('PRAGMA journal_mode').get()?.['journal_mode']
  const synchronous = database.prepare('PRAGMA synchronous').get()?.['synchronous']
  if (journal !== 'wal' || synchronous !== 2)
    throw new GatewayError(
      'GW_OUTBOX_UNFIT',
      `${path} does not survive power loss: journal ${String(journal)}, synchronous ${String(synchronous)}`,
    )
}

/** Opens the file; one that is damaged is set aside under another name, never deleted, and its good rows are carried over. */
const openOrReplace = (path: string, setAside: string): { database: DatabaseSync; salvaged: number | null } => {
  try {
    return { database: open(path), salvaged: null }
  } catch (error) {
    if (!isDamage(error) || !existsSync(path)) throw error
  }
  for (const suffix of ['', '-wal', '-shm']) if (existsSync(path + suffix)) renameSync(path + suffix, setAside + suffix)
  failpoint('start-set-aside')
  const database = open(path)
  return { database, salvaged: salvage(setAside, database) }
}

const salvage = (from: string, into: DatabaseSync): number => {
  let carried = 0
  try {
    using damaged = new DatabaseSync(from)
    const insert = into.prepare(sql.insert)
    into.exec('BEGIN IMMEDIATE')
    try {
      for (const row of damaged.prepare(sql.oldest).iterate(-1)) {
        const read = readRow(row)
        if (!read.ok) continue
        insert.run(...toColumns(read.record.seq, read.record.bootId, read.record))
        carried += 1
      }
    } catch {
      // Unreadable from here on: what came before is kept.
    }
    failpoint('start-salvage')
    into.exec('COMMIT')
  } catch {
    // Not a database at all: nothing to carry over.
  }
  return carried
}

const primaryCode = (error: unknown): number | null =>
  error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : null

/** SQLITE_FULL: the one failure after which the state is known. */
const full = 13
/** CORRUPT, NOTADB, or our own verdict. */
const isDamage = (error: unknown): boolean =>
  [11, 26].includes(primaryCode(error) ?? -1) || (error instanceof GatewayError && error.code === 'GW_OUTBOX_UNFIT')

/** One of the outbox's two files. Synchronous; lives in the worker. */
export class LaneFile implements Disposable {
  readonly lane: Lane
  /** Rows carried over from a damaged file at start; null when the file was sound. */
  readonly salvaged: number | null
  #rows: number
  #quarantined: number
  #settled = new Set<number>()
  readonly #database: DatabaseSync
  readonly #die: (error: unknown) => never

  /** `die` is called at an I/O error: state after it is unknown, so there is no retry and no close. */
  constructor(lane: Lane, path: string, setAside: string, die: (error: unknown) => never) {
    const { database, salvaged } = openOrReplace(path, setAside)
    this.lane = lane
    this.salvaged = salvaged
    this.#database = database
    this.#die = die
    if (lane === 'alarm') database.exec('PRAGMA wal_autocheckpoint = 64')
    this.#rows = this.#count(sql.countRecords)
    this.#quarantined = this.#count(sql.countQuarantine)
  }

  get rows(): number {
    return this.#rows - this.#settled.size
  }

  get quarantined(): number {
    return this.#quarantined
  }

  get pages(): number {
    return Number(this.#database.prepare('PRAGMA page_count').get()?.['page_count'])
  }

  /** The file may not grow beyond this; appends are then refused with `GW_OUTBOX_FULL`. */
  limitPages(pages: number): void {
    this.#database.exec(`PRAGMA max_page_count = ${Math.floor(pages)}`)
  }

  get highWater(): number {
    return this.#count(sql.highWater)
  }

  /** One transaction; numbers from `firstSeq` on. Survives power loss when it returns. */
  append(records: readonly NewRecord[], firstSeq: number, bootId: BootId): void {
    this.#commit(() => {
      const insert = this.#database.prepare(sql.insert)
      for (const [index, record] of records.entries()) insert.run(...toColumns(firstSeq + index, bootId, record))
      failpoint(`append-${this.lane}`)
    })
    failpoint(`committed-${this.lane}`)
    this.#rows += records.length
  }

  peek(limit: number, order: 'oldest' | 'newest'): { records: UplinkRecord[]; quarantined: QuarantineNotice[] } {
    const records: UplinkRecord[] = []
    const quarantined: QuarantineNotice[] = []
    const rows = this.#guard(() => this.#database.prepare(sql[order]).all(limit + this.#settled.size))
    for (const row of rows) {
      if (records.length >= limit) break
      const seq = Number(row['seq'])
      if (this.#settled.has(seq)) continue
      const read = readRow(row)
      if (read.ok) records.push(read.record)
      else quarantined.push(...this.quarantine(seq, read.reason))
    }
    return { records, quarantined }
  }

  /** Remembered at once, deleted with the next commit: a lost deletion costs one repeated delivery, an fsync costs wear. */
  settle(seqs: readonly number[]): void {
    for (const seq of seqs) if (!this.#settled.has(seq) && this.#find(seq) !== undefined) this.#settled.add(seq)
    failpoint('settle-told')
  }

  flushSettled(): void {
    if (this.#settled.size > 0) this.#commit(() => {})
  }

  quarantine(seq: number, reason: string): QuarantineNotice[] {
    const row = this.#find(seq)
    if (row === undefined || this.#settled.has(seq)) return []
    this.#commit(() => {
      this.#database.prepare(sql.quarantine).run(reason, seq)
      this.#database.prepare(sql.remove).run(seq)
      failpoint('quarantine-step')
    })
    failpoint('quarantine-committed')
    this.#rows -= 1
    this.#quarantined += 1
    const pumpId = PumpId.safeParse(row['pump_id'])
    return [{ seq, lane: this.lane, kind: String(row['kind']), pumpId: pumpId.success ? pumpId.data : null, reason }]
  }

  oldestWallAt(): number | null {
    this.flushSettled()
    const wall = this.#guard(() => this.#database.prepare(sql.oldestWall).get())?.['wall_ms']
    return typeof wall === 'number' ? wall : null
  }

  [Symbol.dispose](): void {
    this.flushSettled()
    this.#database.close()
  }

  #find(seq: number): Row | undefined {
    return this.#guard(() => this.#database.prepare(sql.find).get(seq))
  }

  /** Settled rows leave the file in whichever commit comes first. */
  #commit(work: () => void): void {
    this.#guard(() => {
      this.#database.exec('BEGIN IMMEDIATE')
      work()
      const remove = this.#database.prepare(sql.remove)
      for (const seq of this.#settled) remove.run(seq)
      this.#database.exec('COMMIT')
    })
    this.#rows -= this.#settled.size
    this.#settled.clear()
  }

  #guard<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      const code = primaryCode(error)
      if (code !== null && code !== full) this.#die(error)
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
      if (code === null) throw error
      throw new GatewayError('GW_OUTBOX_FULL', `no room in the ${this.lane} file: ${messageOf(error)}`, {
        cause: error,
      })
    }
  }

  #count(statement: string): number {
    const n = this.#database.prepare(statement).get()?.['n']
    return typeof n === 'number' ? n : 0
  }
}
