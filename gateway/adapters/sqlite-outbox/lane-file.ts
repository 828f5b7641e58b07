import { writeFileSync } from 'node:fs'
import { BootId, PumpId } from '#domain/ids.ts'
import { GatewayError, messageOf } from '../../core/errors.ts'
import { failpoint } from './failpoint.ts'
import { pragma, suspectMark } from './open-file.ts'
import { bodyHash, readRow, toColumns } from './row.ts'
import { SettledRows } from './settled-rows.ts'
import { sql } from './sql.ts'
import { isDamage, isFull, isUnknownState } from './sqlite-errors.ts'
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import type { DiskProof } from './disk-proof.ts'
import type { Lane, UplinkRecord } from '#domain/uplink/records.ts'
import type { NewRecord, QuarantineNotice, WaitingRows } from '../../core/ports.ts'
import type { Row } from './row.ts'
import type { Statement } from './sql.ts'

/** Settled rows wait for company, but not for ever: during a drain nothing else may be committed. */
const mostSettled = 2_000

export interface LaneFileParts {
  readonly lane: Lane
  readonly path: string
  readonly database: DatabaseSync
  /** Called at an I/O error: state after it is unknown, so there is no retry and no close. */
  readonly die: (error: unknown) => never
  readonly proof: Pick<DiskProof, 'check'>
  /** The disk is full. True when something was given up and the commit is worth another try. */
  readonly makeRoom: () => boolean
  readonly quarantineBytes: number
  /** The log is copied into the file when it has so many pages more than the file. */
  readonly checkpointPages: number
}

/** Numbers of the running boot, by what became of them. */
export interface BootCounts {
  settled: number
  tombstoned: number
  quarantined: number
  pending: number
}

export interface Peeked {
  readonly records: readonly UplinkRecord[]
  readonly quarantined: readonly QuarantineNotice[]
}

/** One of the outbox's two files. Synchronous; lives in the worker. */
export class LaneFile implements Disposable {
  readonly lane: Lane
  readonly boot: BootCounts = { settled: 0, tombstoned: 0, quarantined: 0, pending: 0 }
  #bootFirstSeq = Number.MAX_SAFE_INTEGER
  #rows: number
  #thinned: number
  #quarantined: number
  #quarantineBytes: number
  readonly #settled = new SettledRows()
  readonly #statements = new Map<Statement, StatementSync>()
  readonly #parts: LaneFileParts

  constructor(parts: LaneFileParts) {
    this.lane = parts.lane
    this.#parts = parts
    // SQLite's own checkpoints swallow their I/O errors.
    parts.database.exec('PRAGMA wal_autocheckpoint = 0')
    this.#rows = this.count('countRecords')
    this.#thinned = this.count('countThinned')
    this.#quarantined = this.count('countQuarantine')
    this.#quarantineBytes = this.count('quarantineBytes')
  }

  /** Rows that wait. */
  get rows(): number {
    return this.#rows + this.#thinned - this.#settled.size
  }

  get quarantined(): number {
    return this.#quarantined
  }

  get pages(): number {
    return Number(this.read(() => pragma(this.#parts.database, 'page_count')))
  }

  get freePages(): number {
    return Number(this.read(() => pragma(this.#parts.database, 'freelist_count')))
  }

  get pageBytes(): number {
    return Number(this.read(() => pragma(this.#parts.database, 'page_size')))
  }

  /** The file may not grow beyond this; appends are then refused with `GW_OUTBOX_FULL`. */
  limitPages(pages: number): void {
    this.execute(`PRAGMA max_page_count = ${Math.floor(pages)}`)
  }

  /** Whether the file has reached what it may have; otherwise it is the disk that is full. */
  get atLimit(): boolean {
    return this.pages >= Number(this.read(() => pragma(this.#parts.database, 'max_page_count')))
  }

  get highWater(): number {
    return this.count('highWater')
  }

  /** Numbers from here on are of this boot. */
  startBoot(firstSeq: number): void {
    this.#bootFirstSeq = firstSeq
  }

  /** One transaction; numbers from `firstSeq` on. Survives power loss when it returns. */
  append(records: readonly NewRecord[], firstSeq: number, bootId: BootId, alongside: () => void = () => {}): void {
    this.transaction(() => {
      const insert = this.statement('insert')
      for (const [index, record] of records.entries()) insert.run(...toColumns(firstSeq + index, bootId, record))
      alongside()
      failpoint(`append-${this.lane}`)
    })
    failpoint(`committed-${this.lane}`)
    this.#rows += records.length
    this.boot.pending += records.length
  }

  /** Rows of `statement` in its order, without what is settled. */
  unsettled(statement: Statement, limit: number, ...values: readonly SQLInputValue[]): readonly Row[] {
    const rows = this.read(() => this.statement(statement).all(...values, limit + this.#settled.size))
    return rows.filter((row) => !this.#settled.has(Number(row['seq']))).slice(0, limit)
  }

  /** Thinned rows hold the oldest content, so they come first; they are never the newest. */
  peek(limit: number, order: 'oldest' | 'newest', after = 0): Peeked {
    if (order === 'newest') return this.readAll(this.unsettled('newest', limit))
    if (after > 0) return this.readAll(this.#thinned > 0 ? [] : this.#oldest(limit, after))
    const thinned = this.#thinned === 0 ? [] : this.unsettled('oldestThinned', limit, 0)
    return this.readAll([...thinned, ...this.#oldest(limit - thinned.length)])
  }

  #oldest(limit: number, after = 0): readonly Row[] {
    const { from, settled } = this.#settled.behind(after)
    const rows = this.read(() => this.statement('oldest').all(from, limit + settled))
    this.#settled.saw(
      from,
      rows.map((row) => Number(row['seq'])),
    )
    return rows.filter((row) => !this.#settled.has(Number(row['seq']))).slice(0, limit)
  }

  /** Rows as records; what is damaged is set aside on the way. */
  readAll(rows: readonly Row[]): Peeked {
    const records: UplinkRecord[] = []
    const quarantined: QuarantineNotice[] = []
    for (const row of rows) {
      const read = readRow(row)
      if (read.ok) records.push(read.record)
      else quarantined.push(...this.quarantine(Number(row['seq']), read.reason))
    }
    return { records, quarantined }
  }

  /** Idempotent. */
  settle(seqs: readonly number[]): void {
    for (const seq of seqs) {
      if (this.#settled.has(seq) || !this.#has(seq)) continue
      this.#settled.add(seq)
      this.#count('settled', seq)
    }
    this.#settled.pass((seq) => this.#has(seq))
    failpoint('settle-told')
    if (this.#settled.size >= mostSettled) this.flushSettled()
  }

  flushSettled(): void {
    if (this.#settled.size > 0) this.transaction(() => {})
  }

  quarantine(seq: number, reason: string): readonly QuarantineNotice[] {
    const found = this.#find(seq)
    if (found === null || this.#settled.has(seq)) return []
    const { row, thinned } = found
    const body = row['body'] ?? null
    this.transaction(() => {
      this.statement(thinned ? 'quarantineThinned' : 'quarantine').run(bodyHash(body), reason, seq)
      this.statement(thinned ? 'removeThinned' : 'remove').run(seq)
      failpoint('quarantine-step')
    })
    failpoint('quarantine-committed')
    if (thinned) this.#thinned -= 1
    else this.#rows -= 1
    this.#quarantined += 1
    this.#quarantineBytes += body instanceof Uint8Array ? body.length : Buffer.byteLength(String(body ?? ''))
    this.#count('quarantined', seq)
    this.#trimBodies()
    const pumpId = PumpId.safeParse(row['pump_id'])
    return [{ seq, lane: this.lane, kind: String(row['kind']), pumpId: pumpId.success ? pumpId.data : null, reason }]
  }

  /** Leave the file inside a transaction of the caller, who calls `buried` after its commit. */
  bury(seqs: readonly number[], from: 'records' | 'thinned' | 'quarantine'): void {
    const statement = { records: 'remove', thinned: 'removeThinned', quarantine: 'removeQuarantine' } as const
    for (const seq of seqs) this.statement(statement[from]).run(seq)
  }

  buried(seqs: readonly number[], from: 'records' | 'thinned' | 'quarantine'): void {
    if (from === 'records') this.#rows -= seqs.length
    else if (from === 'thinned') this.#thinned -= seqs.length
    else {
      this.#quarantined -= seqs.length
      this.#quarantineBytes = this.count('quarantineBytes')
      this.boot.quarantined -= seqs.filter((seq) => seq >= this.#bootFirstSeq).length
    }
    for (const seq of seqs) this.#count('tombstoned', seq, from !== 'quarantine')
  }

  grew(thinnedRows: number): void {
    this.#thinned += thinnedRows
    this.boot.pending += thinnedRows
  }

  oldest(): WaitingRows['oldest'] {
    const [row] = [
      ...(this.#thinned === 0 ? [] : this.unsettled('oldestThinnedStamp', 1)),
      ...this.unsettled('oldestStamp', 1),
    ]
    const bootId = BootId.safeParse(row?.['boot_id'])
    if (row === undefined || !bootId.success) return null
    return { bootId: bootId.data, monotonicMs: Number(row['mono_ms']), wallAt: Number(row['wall_ms']) }
  }

  statement(name: Statement): StatementSync {
    const known = this.#statements.get(name)
    if (known !== undefined) return known
    const statement = this.#parts.database.prepare(sql[name])
    this.#statements.set(name, statement)
    return statement
  }

  count(statement: Statement, ...values: readonly SQLInputValue[]): number {
    const n = this.read(() => this.statement(statement).get(...values))?.['n']
    return typeof n === 'number' ? n : 0
  }

  read<T>(work: () => T): T {
    return this.#guard(work)
  }

  execute(text: string): void {
    this.#guard(() => this.#parts.database.exec(text))
  }

  /** Settled rows leave the file in whichever commit comes first. Tried twice when room could be made on a full disk. */
  transaction(work: () => void, mayMakeRoom = true): void {
    try {
      this.#attempt(work)
    } catch (error) {
      const isNoRoom = error instanceof GatewayError && error.code === 'GW_OUTBOX_FULL'
      if (!isNoRoom || !mayMakeRoom || !this.#parts.makeRoom()) throw error
      this.#attempt(work)
    }
    this.#settled.clear()
    this.#checkpointWhenDue()
  }

  [Symbol.dispose](): void {
    this.flushSettled()
    this.#parts.database.close()
  }

  #attempt(work: () => void): void {
    let thinned = 0
    this.#guard(() => {
      const { database } = this.#parts
      database.exec('BEGIN IMMEDIATE')
      // Deletions first: they free the pages that the rest may need.
      for (const seq of this.#settled.values())
        if (Number(this.statement('remove').run(seq).changes) === 0)
          thinned += Number(this.statement('removeThinned').run(seq).changes)
      work()
      database.exec('COMMIT')
    })
    this.#proveCommit()
    this.#thinned -= thinned
    this.#rows -= this.#settled.size - thinned
  }

  /** Before anybody is told of it. */
  #proveCommit(): void {
    try {
      this.#parts.proof.check()
    } catch (error) {
      this.#parts.die(error)
    }
  }

  /** A full disk leaves the log as it is; every other failure ends the process like that of a commit. */
  #checkpointWhenDue(): void {
    const { database, checkpointPages } = this.#parts
    try {
      this.#guard(() => {
        const state = database.prepare('PRAGMA wal_checkpoint(NOOP)').get()
        if (Number(state?.['log']) - Number(state?.['checkpointed']) < checkpointPages) return
        database.prepare('PRAGMA wal_checkpoint(PASSIVE)').get()
      })
    } catch (error) {
      if (!(error instanceof GatewayError && error.code === 'GW_OUTBOX_FULL')) throw error
    }
  }

  #has(seq: number): boolean {
    if (this.read(() => this.statement('has').get(seq)) !== undefined) return true
    return this.#thinned > 0 && this.read(() => this.statement('hasThinned').get(seq)) !== undefined
  }

  #find(seq: number): { readonly row: Row; readonly thinned: boolean } | null {
    const row = this.read(() => this.statement('find').get(seq))
    if (row !== undefined) return { row, thinned: false }
    const thinned = this.#thinned === 0 ? undefined : this.read(() => this.statement('findThinned').get(seq))
    return thinned === undefined ? null : { row: thinned, thinned: true }
  }

  #count(what: Exclude<keyof BootCounts, 'pending'>, seq: number, wasPending = true): void {
    if (seq < this.#bootFirstSeq) return
    this.boot[what] += 1
    if (wasPending) this.boot.pending -= 1
  }

  /** Beyond the cap the oldest bodies go; key, reason and hash stay (reliability.md 3 rule 17). */
  #trimBodies(): void {
    if (this.#quarantineBytes <= this.#parts.quarantineBytes) return
    this.transaction(() => {
      let bytes = this.#quarantineBytes
      while (bytes > this.#parts.quarantineBytes) {
        const oldest = this.statement('quarantineWithBody').all(100)
        if (oldest.length === 0) break
        for (const row of oldest) {
          if (bytes <= this.#parts.quarantineBytes) break
          this.statement('forgetBody').run(Number(row['seq']))
          bytes -= Number(row['bytes'])
        }
      }
    })
    this.#quarantineBytes = this.count('quarantineBytes')
  }

  #guard<T>(work: () => T): T {
    const { database, die, path } = this.#parts
    try {
      return work()
    } catch (error) {
      if (isUnknownState(error)) {
        // The next start looks at the whole file, or it would read the same damage again.
        if (isDamage(error)) markSuspect(path)
        die(error)
      }
      if (database.isTransaction) database.exec('ROLLBACK')
      if (!isFull(error)) throw error
      throw new GatewayError('GW_OUTBOX_FULL', `no room in the ${this.lane} file: ${messageOf(error)}`, {
        cause: error,
      })
    }
  }
}

const markSuspect = (path: string): void => {
  try {
    writeFileSync(suspectMark(path), '')
  } catch {
    // The disk may be gone altogether; the process ends either way.
  }
}
