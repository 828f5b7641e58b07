import { setImmediate as breathe } from 'node:timers/promises'
import { ChannelId, type PumpId } from '#domain/ids.ts'
import type { History } from '#domain/live/api.ts'
import { instant } from '#domain/time.ts'
import { ServerError } from '#server/core/errors.ts'
import { BucketFold, bucketWidth, historyColumns, type Window } from '#server/core/history-buckets.ts'
import type { TelemetryPoint, TelemetryStore } from '#server/core/ports.ts'
import type { MinuteSpan, MinuteStore, MinuteWindow } from '#server/core/roll-ups/minute.ts'
import { columns, storedSample } from '#server/core/telemetry-columns.ts'
import { openDatabase } from './database.ts'
import type { Database, Migration } from './database.ts'
import { sampleMigration } from './migrations/telemetry-001-sample.ts'
import { minuteMigration } from './migrations/telemetry-002-minute.ts'
import { SqliteMinutes } from './minutes.ts'
import { number, numberOrNull, text } from './row.ts'
import * as sql from './telemetry-sql.ts'

/** Rows read in one go: about 10 ms, after which alarms get their turn. */
const rowsPerPage = 5000
const tailRange = 1_000_000

export const telemetryMigrations: readonly Migration[] = [sampleMigration, minuteMigration]

/** The embedded telemetry store: one file, `:memory:` for tests. Throws `SRV_DATABASE_UNUSABLE`. */
export const openSqliteTelemetryStore = (file: string): SqliteTelemetryStore =>
  new SqliteTelemetryStore(openDatabase(file, telemetryMigrations))

export class SqliteTelemetryStore implements TelemetryStore, MinuteStore {
  readonly engine = 'SQLite'
  readonly place = 'SQLite'
  readonly database: Database
  readonly #put
  readonly #latest
  readonly #count
  readonly #page
  readonly #minutes: SqliteMinutes

  constructor(database: Database) {
    this.database = database
    this.#minutes = new SqliteMinutes(database)
    this.#put = database.prepare(sql.putSample)
    this.#latest = database.prepare(sql.latestSample)
    this.#count = database.prepare(sql.countSamples)
    this.#page = database.prepare(sql.samplePage)
  }

  async write(points: readonly TelemetryPoint[]) {
    this.#guarded(() =>
      this.database.transaction(() => {
        for (const point of points) {
          const { pumpId, occurredAt, seq, hubId, sample } = point
          const values = columns.map((column) => column.read(point))
          this.#put.run(pumpId, occurredAt, seq % tailRange, hubId, sample.channelId, seq, ...values)
        }
      }),
    )
    return { refused: [] }
  }

  async latest(pumpId: PumpId, only?: ChannelId) {
    const row = this.#guarded(() => this.#latest.get(pumpId, only ?? null))
    if (row === undefined) return null
    const channelId = ChannelId.parse(text(row, 'channel_id'))
    return {
      at: instant(number(row, 'at_ms')),
      sample: storedSample(channelId, (column) => numberOrNull(row, column)),
    }
  }

  async history(pumpId: PumpId, window: Window): Promise<Omit<History, 'alarms'>> {
    const { from, to, maxPoints, channel: only } = window
    const counted = this.#guarded(() => this.#count.get(pumpId, from, to, only ?? null, maxPoints + 1))
    const resolutionMs = bucketWidth(window, counted === undefined ? 0 : number(counted, 'samples'))
    const fold = new BucketFold(from, resolutionMs)
    let behind = { at: from, tail: -1, hub: '', channel: '' }
    for (;;) {
      const { at, tail, hub, channel } = behind
      const rows = this.#guarded(() => this.#page.all(pumpId, at, to, tail, hub, channel, rowsPerPage, only ?? null))
      for (const row of rows)
        fold.add({
          at: number(row, 'at_ms'),
          late: number(row, 'late') !== 0,
          state: number(row, 'state'),
          values: historyColumns.map((column) => numberOrNull(row, column)),
        })
      const last = rows.at(-1)
      if (last === undefined || rows.length < rowsPerPage) break
      behind = {
        at: number(last, 'at_ms'),
        tail: number(last, 'tail'),
        hub: text(last, 'hub_id'),
        channel: text(last, 'channel_id'),
      }
      await breathe()
    }
    const latest = await this.latest(pumpId, only)
    return { pumpId, from, to, resolutionMs, buckets: fold.buckets(), lastSampleAt: latest?.at ?? null }
  }

  async rollUp(spans: readonly MinuteSpan[]): Promise<void> {
    await this.#guardedAsync(async () => this.#minutes.rollUp(spans))
  }

  async bucketsOfMinutes(pumpId: PumpId, window: MinuteWindow) {
    return this.#guardedAsync(async () => this.#minutes.buckets(pumpId, window))
  }

  async earliest(pumpId: PumpId) {
    return this.#guarded(() => this.#minutes.earliest(pumpId))
  }

  async pumpsKept() {
    return this.#guarded(() => this.#minutes.pumps())
  }

  async expire(pumpId: PumpId, before: { readonly samples: number; readonly minutes: number }, most: number) {
    return this.#guarded(() => this.#minutes.expire(pumpId, [before.samples, before.minutes], most))
  }

  async check(): Promise<void> {
    this.#guarded(() => this.database.prepare('SELECT count(*) FROM (SELECT 1 FROM sample LIMIT 1)').get())
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.database.isOpen) this.database.close()
  }

  #guarded<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      throw new ServerError('SRV_STORE_UNAVAILABLE', 'the telemetry database did not answer', error)
    }
  }

  async #guardedAsync<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      throw new ServerError('SRV_STORE_UNAVAILABLE', 'the telemetry database did not answer', error)
    }
  }
}
