import type { DatabaseSync } from 'node:sqlite'
import { BootId, type HubId } from '#domain/ids.ts'
import { instant, type Instant } from '#domain/time.ts'
import type { SeqRange } from '#domain/uplink/records.ts'
import { numberingOf, type SpeakingBoot } from '#server/core/boot-order.ts'
import { ServerError } from '#server/core/errors.ts'
import type { HubReceipts, ReceiptBook, ReceivedKey, RefusedKey } from '#server/core/ports.ts'
import { hasSeq, rangeChanges, withSeqs, type SeqRanges } from '#server/core/seq-ranges.ts'
import type { BootTimeline, Neighbours } from '#server/core/timeline.ts'
import type { SqliteDueMinutes } from './due-minutes.ts'
import type { SqliteLedger } from './ledger.ts'
import * as sql from './journal-sql.ts'
import type { JournalTransaction } from './journal-transaction.ts'
import { number, numberOrNull, text, type Row } from './row.ts'

interface Boot {
  ranges: SeqRanges
  timeline: BootTimeline
  /** Null: not placed yet. */
  numbering: number | null
}

/** Boots in memory; the file is the truth and an evicted boot is read again. */
const bootsKept = 2000

export class SqliteReceipts implements ReceiptBook {
  readonly #boots = new Map<string, Boot>()
  readonly #transaction: JournalTransaction
  readonly #due: Pick<SqliteDueMinutes, 'mark'>
  readonly #ledger: Pick<SqliteLedger, 'count' | 'refuse'>
  readonly #statements

  constructor(
    database: DatabaseSync,
    transaction: JournalTransaction,
    due: Pick<SqliteDueMinutes, 'mark'>,
    ledger: Pick<SqliteLedger, 'count' | 'refuse'>,
  ) {
    this.#ledger = ledger
    this.#transaction = transaction
    this.#due = due
    this.#statements = {
      ranges: database.prepare(sql.rangesOfBoot),
      putRange: database.prepare(sql.putRange),
      deleteRange: database.prepare(sql.deleteRange),
      hashOf: database.prepare(sql.hashOf),
      addHash: database.prepare(sql.addHash),
      bootOf: database.prepare(sql.bootOf),
      putBoot: database.prepare(sql.putBoot),
      latestNumbering: database.prepare(sql.latestNumbering),
      placeBoot: database.prepare(sql.placeBoot),
      noteFirstSeq: database.prepare(sql.noteFirstSeq),
      anchors: database.prepare(sql.anchorsOfBoot),
      addAnchor: database.prepare(sql.addAnchor),
      before: database.prepare(sql.knownBefore),
      after: database.prepare(sql.knownAfter),
    }
  }

  async lookup(hubId: HubId, keys: readonly ReceivedKey[]) {
    return keys.map((key) => {
      if (!hasSeq(this.#boot(hubId, key.bootId).ranges, key.seq)) return 'new'
      const row = this.#statements.hashOf.get(hubId, key.bootId, key.seq)
      // Telemetry keeps numbers only: there the first write wins. A number used on both lanes is a forgery.
      const stored = row === undefined ? null : text(row, 'hash')
      return stored === key.hash ? 'known' : 'forged'
    })
  }

  async received(hubId: HubId, bootId: BootId): Promise<readonly SeqRange[]> {
    return this.#boot(hubId, bootId).ranges
  }

  async numberings(hubId: HubId, sender: SpeakingBoot, others: readonly BootId[]) {
    const isPlaced = this.#boot(hubId, sender.bootId).numbering !== null
    const named = isPlaced ? [] : (sender.earlierBoots ?? [])
    const boots = [...new Set([sender.bootId, ...others, ...named])]
    const places = new Map(boots.map((bootId) => [bootId, this.#boot(hubId, bootId).numbering]))
    if ([...places.values()].includes(null))
      this.#transaction(() => {
        const ofSender = places.get(sender.bootId) ?? numberingOf(this.#latest(hubId), sender)
        for (const [bootId, numbering] of places) {
          if (numbering !== null) continue
          places.set(bootId, ofSender)
          this.#statements.placeBoot.run(hubId, bootId, ofSender)
        }
      })
    const settled = new Map([...places].map(([bootId, numbering]) => [bootId, numbering ?? 0]))
    for (const [bootId, numbering] of settled) this.#boot(hubId, bootId).numbering = numbering
    return settled
  }

  async addAll(received: readonly HubReceipts[]): Promise<void> {
    // A boot's ranges are known anew after COMMIT only, so each hub is added once.
    const ofHubs = Map.groupBy(received, ({ hubId }) => hubId)
    const committed = this.#transaction(() => [
      ...[...ofHubs].map(([hubId, all]) =>
        this.add(
          hubId,
          all.flatMap((one) => one.received),
        ),
      ),
      this.mark(received),
    ])
    for (const apply of committed) apply()
  }

  async timeline(hubId: HubId, bootId: BootId): Promise<BootTimeline> {
    return this.#boot(hubId, bootId).timeline
  }

  async putTimeline(hubId: HubId, bootId: BootId, timeline: BootTimeline): Promise<void> {
    const boot = this.#boot(hubId, bootId)
    const known = boot.timeline.anchors.length
    const { interval } = timeline
    this.#transaction(() => {
      this.#statements.putBoot.run(
        hubId,
        bootId,
        timeline.datedToMs,
        interval?.startLow ?? null,
        interval?.startHigh ?? null,
        interval?.untilMs ?? null,
      )
      for (const anchor of timeline.anchors.slice(known))
        this.#statements.addAnchor.run(hubId, bootId, anchor.monotonicMs, anchor.serverAt, anchor.errorMs)
    })
    boot.timeline = timeline
  }

  async neighbours(hubId: HubId, bootId: BootId, seq: number, sender: BootId): Promise<Neighbours> {
    const numbering = this.#boot(hubId, bootId).numbering ?? 0
    return {
      before: knownAt(this.#statements.before.get(hubId, bootId, sender, seq, numbering)),
      after: knownAt(this.#statements.after.get(hubId, bootId, sender, seq, numbering)),
    }
  }

  /** Inside a transaction. Returns what to run after its COMMIT. */
  add(hubId: HubId, keys: readonly ReceivedKey[]): () => void {
    const committed: (() => void)[] = []
    for (const [bootId, ofBoot] of Map.groupBy(keys, (key) => key.bootId)) {
      for (const { seq, hash } of ofBoot) if (hash !== null) this.#addHash(hubId, bootId, seq, hash)
      const boot = this.#boot(hubId, bootId)
      const next = withSeqs(
        boot.ranges,
        ofBoot.map((key) => key.seq),
      )
      const { gone, put } = rangeChanges(boot.ranges, next)
      for (const first of gone) this.#statements.deleteRange.run(hubId, bootId, first)
      for (const [first, last] of put) this.#statements.putRange.run(hubId, bootId, first, last)
      const lowest = next[0]?.[0]
      if (lowest !== undefined && lowest !== boot.ranges[0]?.[0])
        this.#statements.noteFirstSeq.run(hubId, bootId, lowest)
      committed.push(() => {
        boot.ranges = next
      })
    }
    return () => {
      for (const apply of committed) apply()
    }
  }

  /** Like `add`: what the samples behind the numbers make due, and what they count for in the ledger. */
  mark(received: readonly Pick<HubReceipts, 'hubId' | 'stored'>[]): () => void {
    for (const { hubId, stored = [] } of received) this.#ledger.count(hubId, stored)
    return this.#due.mark(received.flatMap(({ stored = [] }) => stored))
  }

  async refuse(hubId: HubId, refused: readonly RefusedKey[]): Promise<void> {
    await this.#ledger.refuse(hubId, refused)
  }

  #addHash(hubId: HubId, bootId: BootId, seq: number, hash: string): void {
    if (hasSeq(this.#boot(hubId, bootId).ranges, seq))
      throw new ServerError('SRV_ALREADY_RECEIVED', 'a record of this batch was committed meanwhile')
    this.#statements.addHash.run(hubId, bootId, seq, hash)
  }

  #latest(hubId: HubId) {
    return this.#statements.latestNumbering.all(hubId).map((row) => ({
      bootId: BootId.parse(text(row, 'boot_id')),
      numbering: number(row, 'numbering'),
      highestSeq: number(row, 'highest_seq'),
    }))
  }

  #boot(hubId: HubId, bootId: BootId): Boot {
    const key = `${hubId}/${bootId}`
    const known = this.#boots.get(key)
    if (known !== undefined) return known
    const boot = this.#read(hubId, bootId)
    const oldest = this.#boots.size >= bootsKept ? this.#boots.keys().next() : null
    if (oldest?.done === false) this.#boots.delete(oldest.value)
    this.#boots.set(key, boot)
    return boot
  }

  #read(hubId: HubId, bootId: BootId): Boot {
    const row = this.#statements.bootOf.get(hubId, bootId)
    const startLow = row === undefined ? null : numberOrNull(row, 'start_low')
    return {
      numbering: row === undefined ? null : numberOrNull(row, 'numbering'),
      ranges: this.#statements.ranges
        .all(hubId, bootId)
        .map((range) => [number(range, 'first_seq'), number(range, 'last_seq')]),
      timeline: {
        anchors: this.#statements.anchors.all(hubId, bootId).map((anchor) => ({
          monotonicMs: number(anchor, 'monotonic_ms'),
          serverAt: number(anchor, 'server_at'),
          errorMs: number(anchor, 'error_ms'),
        })),
        datedToMs: row === undefined ? -1 : number(row, 'dated_to_ms'),
        interval:
          row === undefined || startLow === null
            ? null
            : { startLow, startHigh: number(row, 'start_high'), untilMs: number(row, 'interval_until_ms') },
      },
    }
  }
}

const knownAt = (row: Row | undefined): Instant | null => {
  const at = row === undefined ? null : numberOrNull(row, 'at')
  return at === null ? null : instant(Math.floor(at))
}
