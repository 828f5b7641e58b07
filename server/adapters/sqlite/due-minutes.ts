import type { DatabaseSync } from 'node:sqlite'
import { PumpId } from '#domain/ids.ts'
import type { SeqRange } from '#domain/uplink/records.ts'
import type { StoredSample } from '#server/core/ports.ts'
import type { DueMinutes } from '#server/core/roll-ups/due-minutes.ts'
import { minuteMs } from '#server/core/roll-ups/minute.ts'
import { hasSeq, minus, rangeChanges, union, withSeqs, type SeqRanges } from '#server/core/seq-ranges.ts'
import * as sql from './due-minutes-sql.ts'
import type { JournalTransaction } from './journal-transaction.ts'
import { number, text } from './row.ts'

/** In the journal's database; all marks are in memory too, which are few: a pump has one for now and one for each backlog. */
export class SqliteDueMinutes implements DueMinutes {
  readonly #transaction: JournalTransaction
  readonly #statements
  readonly #due = new Map<PumpId, SeqRanges>()
  readonly #complete = new Set<PumpId>()
  /** Minutes marked while they are made. */
  #marked: Map<PumpId, Set<number>> | null = null

  constructor(database: DatabaseSync, transaction: JournalTransaction) {
    this.#transaction = transaction
    this.#statements = {
      put: database.prepare(sql.putDue),
      remove: database.prepare(sql.removeDue),
      place: database.prepare(sql.place),
      putPlace: database.prepare(sql.putPlace),
      forgetDue: database.prepare(sql.forgetDue),
      forgetPumps: database.prepare(sql.forgetPumps),
      putPump: database.prepare(sql.putPump),
    }
    const rows = Map.groupBy(database.prepare(sql.allDue).all(), (row) => PumpId.parse(text(row, 'pump_id')))
    for (const [pumpId, ranges] of rows)
      this.#due.set(
        pumpId,
        ranges.map((row) => [number(row, 'first_minute'), number(row, 'last_minute')]),
      )
    for (const row of database.prepare(sql.allPumps).all()) this.#complete.add(PumpId.parse(text(row, 'pump_id')))
  }

  /** Inside a transaction, once. Returns what to run after its COMMIT. */
  mark(stored: readonly StoredSample[]): () => void {
    const changed: [PumpId, SeqRanges][] = []
    const marked: [PumpId, readonly number[]][] = []
    for (const [pumpId, samples] of Map.groupBy(stored, (sample) => sample.pumpId)) {
      const minutes = [...new Set(samples.map(({ at }) => Math.floor(at / minuteMs)))]
      marked.push([pumpId, minutes])
      const before = this.of(pumpId)
      // Nearly always: the minute is marked once and hears of it sixty times.
      if (minutes.every((minute) => hasSeq(before, minute))) continue
      const after = withSeqs(before, minutes)
      this.#write(pumpId, before, after)
      changed.push([pumpId, after])
    }
    return () => {
      for (const [pumpId, after] of changed) this.#due.set(pumpId, after)
      for (const [pumpId, minutes] of marked) {
        const seen = this.#marked?.get(pumpId) ?? new Set()
        for (const minute of minutes) seen.add(minute)
        this.#marked?.set(pumpId, seen)
      }
    }
  }

  pumps(): readonly PumpId[] {
    return [...this.#due.keys()]
  }

  of(pumpId: PumpId): SeqRanges {
    return this.#due.get(pumpId) ?? []
  }

  isComplete(pumpId: PumpId): boolean {
    return this.#complete.has(pumpId)
  }

  async openFor(place: string): Promise<void> {
    const row = this.#statements.place.get()
    if (row !== undefined && text(row, 'place') === place) return
    this.#transaction(() => {
      // Marks of before the first roll-up are about this place: nothing else can have been.
      if (row !== undefined) {
        this.#statements.forgetDue.run()
        this.#statements.forgetPumps.run()
      }
      this.#statements.putPlace.run(place)
    })
    if (row === undefined) return
    this.#due.clear()
    this.#complete.clear()
  }

  async complete(pumpId: PumpId, before: SeqRange | null): Promise<void> {
    const now = this.of(pumpId)
    const after = before === null ? now : union(now, [before])
    this.#transaction(() => {
      this.#write(pumpId, now, after)
      this.#statements.putPump.run(pumpId)
    })
    this.#set(pumpId, after)
    this.#complete.add(pumpId)
  }

  async settle(
    spans: readonly { readonly pumpId: PumpId; readonly range: SeqRange }[],
    work: () => Promise<void>,
  ): Promise<void> {
    const marked = new Map<PumpId, Set<number>>()
    this.#marked = marked
    try {
      await work()
    } finally {
      this.#marked = null
    }
    const settled = spans.map(({ pumpId, range }) => {
      const again = withSeqs([], [...(marked.get(pumpId) ?? [])])
      return { pumpId, after: minus(this.of(pumpId), minus([range], again)) }
    })
    this.#transaction(() => {
      for (const { pumpId, after } of settled) this.#write(pumpId, this.of(pumpId), after)
    })
    for (const { pumpId, after } of settled) this.#set(pumpId, after)
  }

  #set(pumpId: PumpId, ranges: SeqRanges): void {
    if (ranges.length === 0) this.#due.delete(pumpId)
    else this.#due.set(pumpId, ranges)
  }

  #write(pumpId: PumpId, before: SeqRanges, after: SeqRanges): void {
    const { gone, put } = rangeChanges(before, after)
    for (const first of gone) this.#statements.remove.run(pumpId, first)
    for (const [first, last] of put) this.#statements.put.run(pumpId, first, last)
  }
}
