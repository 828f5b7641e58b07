import type { DatabaseSync } from 'node:sqlite'
import { BootId, PumpId, type HubId } from '#domain/ids.ts'
import type { SeqRange, Tombstone } from '#domain/uplink/records.ts'
import { floorHour } from '#server/core/ledger/boot-balance.ts'
import type { BootFacts, Knot, LedgerStore, StoredHour, ToldNumbers } from '#server/core/ledger/facts.ts'
import type { RefusedKey, StoredSample } from '#server/core/ports.ts'
import { rangeChanges, union, withSeqs, type SeqRanges } from '#server/core/seq-ranges.ts'
import type { JournalTransaction } from './journal-transaction.ts'
import * as journalSql from './journal-sql.ts'
import * as sql from './ledger-sql.ts'
import { number, numberOrNull, text, type Row } from './row.ts'

/** A hub that starts again and again has more boots than anybody can judge: the newest count, about 100 ms of work at most. */
const mostBoots = 500
const mostHours = 20_000

/** In the journal's database: counted in the transaction that proves the arrival, so each record counts once. */
export class SqliteLedger implements LedgerStore {
  readonly #transaction: JournalTransaction
  readonly #statements

  constructor(database: DatabaseSync, transaction: JournalTransaction) {
    this.#transaction = transaction
    this.#statements = {
      count: database.prepare(sql.count),
      hours: database.prepare(sql.hoursSince),
      expireHours: database.prepare(sql.expireHours),
      received: database.prepare(journalSql.rangesOfBoot),
      refused: database.prepare(sql.refusedOf),
      putRefused: database.prepare(sql.putRefused),
      removeRefused: database.prepare(sql.removeRefused),
      addTombstone: database.prepare(sql.addTombstone),
      tombstones: database.prepare(sql.tombstonesOf),
      tell: database.prepare(sql.told),
      told: database.prepare(sql.toldSince),
      toldOf: database.prepare(sql.toldOf),
      expireTold: database.prepare(sql.expireTold),
    }
  }

  /** Inside a transaction: readings that were not counted before. */
  count(hubId: HubId, stored: readonly StoredSample[]): void {
    const groups = Map.groupBy(stored, ({ bootId, pumpId, at }) => `${floorHour(at)}/${bootId}/${pumpId}`)
    for (const all of groups.values()) {
      const [one] = all
      if (one === undefined) continue
      const { bootId, pumpId, at } = one
      const plain = all.filter(({ of }) => of === 0).toSorted((a, b) => a.seq - b.seq)
      const [lowest, highest] = [plain[0], plain.at(-1)]
      this.#statements.count.run(
        hubId,
        floorHour(at),
        bootId,
        pumpId,
        all.length,
        all.filter(({ late }) => late).length,
        all.reduce((sum, { of }) => sum + of, 0),
        lowest?.seq ?? null,
        lowest?.at ?? null,
        highest?.seq ?? null,
        highest?.at ?? null,
      )
    }
  }

  /** Inside a transaction. */
  bury(hubId: HubId, { bootId, ranges }: Tombstone): void {
    for (const [first, last] of ranges) this.#statements.addTombstone.run(hubId, bootId, first, last)
  }

  /** In a transaction of its own. A number that is refused again changes nothing. */
  async refuse(hubId: HubId, refused: readonly RefusedKey[]): Promise<void> {
    const ofBoots = [...Map.groupBy(refused, ({ bootId }) => bootId)].flatMap(([bootId, keys]) => {
      const before = rangesOf(this.#statements.refused.all(hubId, bootId))
      const seqs = keys.map(({ seq }) => seq)
      const changes = rangeChanges(before, withSeqs(before, seqs))
      return changes.gone.length + changes.put.length === 0 ? [] : [{ bootId, ...changes }]
    })
    if (ofBoots.length === 0) return
    this.#transaction(() => {
      for (const { bootId, gone, put } of ofBoots) {
        for (const first of gone) this.#statements.removeRefused.run(hubId, bootId, first)
        for (const [first, last] of put) this.#statements.putRefused.run(hubId, bootId, first, last)
      }
    })
  }

  async boots(hubId: HubId, since: number): Promise<readonly BootFacts[]> {
    const hours = Map.groupBy(this.#statements.hours.all(hubId, floorHour(since), mostHours), (row) =>
      BootId.parse(text(row, 'boot_id')),
    )
    const told = this.#statements.told.all(hubId, since, mostBoots).map((row) => BootId.parse(text(row, 'boot_id')))
    return [...new Set([...told, ...hours.keys()])].slice(0, mostBoots).map((bootId) => {
      const row = this.#statements.toldOf.get(hubId, bootId)
      return {
        bootId,
        received: rangesOf(this.#statements.received.all(hubId, bootId)),
        refused: rangesOf(this.#statements.refused.all(hubId, bootId)),
        tombstones: union([], rangesOf(this.#statements.tombstones.all(hubId, bootId))),
        told:
          row === undefined
            ? null
            : {
                hubId,
                bootId,
                firstSeq: number(row, 'first_seq'),
                lastSeq: number(row, 'last_seq'),
                at: number(row, 'at'),
              },
        hours: (hours.get(bootId) ?? []).map(storedHour),
      }
    })
  }

  async tell(told: readonly ToldNumbers[]): Promise<void> {
    this.#transaction(() => {
      for (const { hubId, bootId, firstSeq, lastSeq, at } of told)
        this.#statements.tell.run(hubId, bootId, firstSeq, lastSeq, at)
    })
  }

  async expire(hubId: HubId, before: number): Promise<void> {
    this.#transaction(() => {
      this.#statements.expireHours.run(hubId, before)
      this.#statements.expireTold.run(hubId, before)
    })
  }
}

const rangesOf = (rows: readonly Row[]): SeqRanges =>
  rows.map((row): SeqRange => [number(row, 'first_seq'), number(row, 'last_seq')])

const storedHour = (row: Row): StoredHour => ({
  hour: number(row, 'hour'),
  pumpId: PumpId.parse(text(row, 'pump_id')),
  stored: number(row, 'stored'),
  late: number(row, 'late'),
  thinned: number(row, 'thinned'),
  first: knot(row, 'first'),
  last: knot(row, 'last'),
})

const knot = (row: Row, end: 'first' | 'last'): Knot | null => {
  const [seq, at] = [numberOrNull(row, `${end}_seq`), numberOrNull(row, `${end}_at`)]
  return seq === null || at === null ? null : { seq, at }
}
