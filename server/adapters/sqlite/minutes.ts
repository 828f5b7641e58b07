import type { StatementSync } from 'node:sqlite'
import { setImmediate as breathe } from 'node:timers/promises'
import { ChannelId, HubId, PumpId } from '#domain/ids.ts'
import type { HistoryBucket } from '#domain/live/api.ts'
import { instant, type Instant } from '#domain/time.ts'
import { historyColumns, toBucket, type Extremes } from '#server/core/history-buckets.ts'
import { joinBuckets } from '#server/core/roll-ups/join-buckets.ts'
import { minuteColumns, statistics } from '#server/core/roll-ups/minute-columns.ts'
import {
  minuteMs,
  minutesOf,
  type MinuteRow,
  type MinuteSpan,
  type MinuteWindow,
} from '#server/core/roll-ups/minute.ts'
import type { Database } from './database.ts'
import * as sql from './minute-sql.ts'
import { number, numberOrNull, text, textOrNull, type Row } from './row.ts'

/** Minutes made in one transaction, and rows read in one go: about 10 ms, after which alarms get their turn. */
const minutesPerTransaction = 20
const rowsPerPage = 2000

/** The minutes beside the samples, in the same file. */
export class SqliteMinutes {
  readonly #database: Database
  readonly #put: StatementSync
  readonly #samples: StatementSync
  readonly #page: StatementSync
  readonly #earliest: StatementSync
  readonly #next: readonly StatementSync[]
  readonly #expire: readonly { readonly oldest: StatementSync; readonly remove: StatementSync }[]

  constructor(database: Database) {
    this.#database = database
    this.#put = database.prepare(sql.putMinute)
    this.#samples = database.prepare(sql.samplesOfMinutes)
    this.#page = database.prepare(sql.minutePage)
    this.#earliest = database.prepare(sql.earliestSample)
    this.#next = [database.prepare(sql.nextPump), database.prepare(sql.nextPumpOfMinutes)]
    this.#expire = [
      { oldest: database.prepare(sql.oldestSamples), remove: database.prepare(sql.removeSamples) },
      { oldest: database.prepare(sql.oldestMinutes), remove: database.prepare(sql.removeMinutes) },
    ]
  }

  async rollUp(spans: readonly MinuteSpan[]): Promise<void> {
    for (const part of inParts(spans)) {
      this.#database.transaction(() => {
        for (const span of part) this.#make(span)
      })
      await breathe()
    }
  }

  async buckets(
    pumpId: PumpId,
    { from, to, origin, widthMs, channel }: MinuteWindow,
  ): Promise<readonly HistoryBucket[]> {
    const found: HistoryBucket[] = []
    let behind = { at: from, hub: '', channel: '' }
    for (;;) {
      const rows = this.#page.all(pumpId, behind.at, to, behind.hub, behind.channel, rowsPerPage, channel ?? null)
      found.push(...joinBuckets(rows.map(bucketOf), origin, widthMs))
      const last = rows.at(-1)
      if (last === undefined || rows.length < rowsPerPage) return joinBuckets(found, origin, widthMs)
      behind = { at: number(last, 'at_ms'), hub: text(last, 'hub_id'), channel: text(last, 'channel_id') }
      await breathe()
    }
  }

  earliest(pumpId: PumpId): Instant | null {
    const row = this.#earliest.get(pumpId)
    const at = row === undefined ? null : numberOrNull(row, 'at_ms')
    return at === null ? null : instant(at)
  }

  pumps(): readonly PumpId[] {
    const found = new Set<PumpId>()
    for (const next of this.#next) {
      let behind = ''
      for (;;) {
        const row = next.get(behind)
        const pumpId = row === undefined ? null : textOrNull(row, 'pump_id')
        if (pumpId === null) break
        found.add(PumpId.parse(pumpId))
        behind = pumpId
      }
    }
    return [...found]
  }

  /** True: there is more. */
  expire(pumpId: PumpId, befores: readonly number[], most: number): boolean {
    return this.#database.transaction(() =>
      this.#expire
        .map(({ oldest, remove }, place) => {
          const row = oldest.get(pumpId, befores[place] ?? 0, most)
          const until = row === undefined ? null : numberOrNull(row, 'at_ms')
          if (row === undefined || until === null) return false
          remove.run(pumpId, until)
          return number(row, 'found') >= most
        })
        .includes(true),
    )
  }

  #make({ pumpId, from, to }: MinuteSpan): void {
    const rows = this.#samples.all(pumpId, from, to).map(minuteRow)
    for (const minute of minutesOf(rows))
      this.#put.run(
        pumpId,
        minute.at,
        minute.hubId,
        minute.channelId,
        ...minuteColumns.map((column) => column.read(minute)),
      )
  }
}

/** Spans cut and put together so that each part is one short transaction. */
const inParts = (spans: readonly MinuteSpan[]): readonly (readonly MinuteSpan[])[] => {
  const parts: MinuteSpan[][] = []
  let room = 0
  for (const { pumpId, from, to } of spans)
    for (let at = from; at < to;) {
      if (room <= 0) {
        parts.push([])
        room = minutesPerTransaction
      }
      const end = Math.min(to, at + room * minuteMs)
      parts.at(-1)?.push({ pumpId, from: at, to: end })
      room -= Math.ceil((end - at) / minuteMs)
      at = end
    }
  return parts
}

const minuteRow = (row: Row): MinuteRow => ({
  at: number(row, 'at_ms'),
  hubId: HubId.parse(text(row, 'hub_id')),
  channelId: ChannelId.parse(text(row, 'channel_id')),
  late: number(row, 'late') !== 0,
  state: number(row, 'state'),
  values: historyColumns.map((column) => numberOrNull(row, column)),
})

const bucketOf = (row: Row): HistoryBucket =>
  toBucket({
    from: number(row, 'first_at'),
    to: number(row, 'last_at'),
    samples: number(row, 'samples'),
    late: number(row, 'late'),
    state: number(row, 'state'),
    values: historyColumns.map((column): Extremes | null => {
      const [first, least, greatest, last] = statistics.map((statistic) => numberOrNull(row, `${statistic}_${column}`))
      return first == null || least == null || greatest == null || last == null ? null : [first, least, greatest, last]
    }),
  })
