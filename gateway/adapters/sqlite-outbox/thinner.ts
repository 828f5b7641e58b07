import { BootId } from '#domain/ids.ts'
import { thin, thinnableCount } from '../../core/thinning.ts'
import { tombstonesOf } from '../../core/tombstones.ts'
import { failpoint } from './failpoint.ts'
import { isIntact, toColumns } from './row.ts'
import type { Tombstone } from '#domain/uplink/records.ts'
import type { QuarantineNotice, Stamp } from '../../core/ports.ts'
import type { Thinnable } from '../../core/thinning.ts'
import type { LaneFile } from './lane-file.ts'
import type { Numbers } from './numbers.ts'
import type { Row } from './row.ts'
import type { Statement } from './sql.ts'

/** Rows of one step: what an alarm may have to wait behind. */
const rowsPerStep = 600

const minuteMs = 60_000
const fiveMinutesMs = 300_000

export type ThinningAction = 'minute' | 'five-minutes' | 'drop'

export interface ThinningStep {
  /** False when there is nothing left to do this way. */
  readonly done: boolean
  readonly quarantined: readonly QuarantineNotice[]
}

type Table = 'records' | 'thinned'

/**
 * Makes room in the telemetry file, oldest content first, one bounded step at a time. Each step is one transaction that deletes rows,
 * puts thinned ones in their place and names what went in a tombstone (reliability.md 3 rule 12).
 */
export class Thinner {
  readonly #file: LaneFile
  readonly #numbers: Numbers

  constructor(file: LaneFile, numbers: Numbers) {
    this.#file = file
    this.#numbers = numbers
  }

  step(action: ThinningAction, stamp: Stamp): ThinningStep {
    switch (action) {
      case 'minute':
        return this.#thin('records', minuteMs, stamp, 'oldest', 0)
      case 'five-minutes': {
        const coarser = this.#thin('thinned', fiveMinutesMs, stamp, 'oldestOfSpan', minuteMs, 0)
        return coarser.done ? coarser : this.step('minute', stamp)
      }
      case 'drop': {
        // What can still be thinned gives as much room and loses less.
        const finer = this.step('five-minutes', stamp)
        return finer.done ? finer : this.drop()
      }
    }
  }

  /** The oldest content. */
  drop(): ThinningStep {
    const thinned = this.#drop('thinned', 'oldestThinned', 0)
    return thinned.done ? thinned : this.#drop('records', 'oldest', 0)
  }

  /** Drops content numbered below `seq`. */
  expire(seq: number): ThinningStep {
    const thinned = this.#drop('thinned', 'oldestThinnedOf', seq)
    return thinned.done ? thinned : this.#drop('records', 'oldestOf', seq)
  }

  /** Telemetry set aside beyond `mostRows` becomes a tombstone. */
  trimQuarantine(mostRows: number): boolean {
    if (this.#file.quarantined <= mostRows) return false
    const oldest = this.#file.read(() =>
      this.#file.statement('oldestQuarantine').all(Math.min(rowsPerStep, this.#file.quarantined - mostRows)),
    )
    const rows = leading(oldest)
    this.#bury('quarantine', rows, 'quarantine-trimmed')
    return rows.length > 0
  }

  #thin(table: Table, spanMs: number, stamp: Stamp, statement: Statement, ...values: readonly number[]): ThinningStep {
    const file = this.#file
    const rows = file.unsettled(statement, rowsPerStep, ...values)
    const { records, quarantined } = file.readAll(rows)
    const all = records.filter((record): record is Thinnable => record.lane === 'telemetry')
    const bootId = all[0]?.bootId
    if (bootId === undefined) return { done: quarantined.length > 0, quarantined }
    const ofBoot = all.slice(0, lengthOfBoot(all.map((record) => record.bootId)))
    const full = rows.length === rowsPerStep
    const closed = ofBoot.length < all.length || (!full && bootId !== this.#numbers.bootId)
    const over = thinnableCount(ofBoot, spanMs, closed)
    const taken = ofBoot.slice(0, over === 0 && full ? ofBoot.length : over)
    if (taken.length === 0) return { done: quarantined.length > 0, quarantined }
    const thinned = thin(taken, spanMs)
    const { bootId: ownBoot, next } = this.#numbers
    this.#bury(table, taken, 'thinned', () => {
      for (const [index, { pumpId, body }] of thinned.entries()) {
        const record = { ...stamp, lane: 'telemetry', kind: 'thinned', pumpId, body } as const
        file.statement('insertThinned').run(...toColumns(next + index, ownBoot, record), spanMs, body.of.firstSeq)
      }
    })
    this.#numbers.committed(thinned.length)
    file.grew(thinned.length)
    return { done: true, quarantined }
  }

  #drop(table: Table, statement: Statement, ...values: readonly number[]): ThinningStep {
    const rows = this.#file.unsettled(statement, rowsPerStep, ...values)
    const damaged = rows.filter((row) => !isIntact(row))
    const quarantined = damaged.flatMap((row) => this.#file.quarantine(Number(row['seq']), 'crc'))
    this.#bury(table, leading(rows.filter((row) => !damaged.includes(row))), 'dropped')
    return { done: rows.length > 0, quarantined }
  }

  /** `rows` are of one boot. */
  #bury(
    table: Table | 'quarantine',
    rows: readonly { readonly seq: number; readonly bootId: BootId; readonly wallAt: number }[],
    reason: Tombstone['reason'],
    replace: () => void = () => {},
  ): void {
    const [first] = rows
    if (first === undefined) return
    const file = this.#file
    const seqs = rows.map(({ seq }) => seq)
    const tombstones = tombstonesOf(first.bootId, rows, reason)
    file.transaction(() => {
      // Deleting comes first: it frees the pages that the rest needs when the file may not grow.
      file.bury(seqs, table)
      replace()
      for (const tombstone of tombstones) file.statement('addTombstone').run(tombstone.id, JSON.stringify(tombstone))
      file.statement('count').run(first.bootId, seqs.length)
      failpoint('thin-step')
    })
    failpoint('thin-committed')
    file.buried(seqs, table)
  }
}

const lengthOfBoot = (boots: readonly unknown[]): number => {
  const end = boots.findIndex((boot) => boot !== boots[0])
  return end === -1 ? boots.length : end
}

/** The rows in front that are of one boot, as far as a tombstone needs them. */
const leading = (rows: readonly Row[]): readonly { seq: number; bootId: BootId; wallAt: number }[] => {
  const named = rows.flatMap((row) => {
    const bootId = BootId.safeParse(row['boot_id'])
    return bootId.success ? [{ seq: Number(row['seq']), bootId: bootId.data, wallAt: Number(row['wall_ms']) }] : []
  })
  return named.slice(0, lengthOfBoot(named.map(({ bootId }) => bootId)))
}
