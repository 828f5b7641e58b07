import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { PumpId } from '#domain/ids.ts'
import type { PumpReport } from '#domain/uplink/envelope.ts'
import type { FirmwareSince } from '#server/core/analytics.ts'
import { number, text } from './row.ts'

export const lastFirmware = 'SELECT firmware FROM pump_firmware WHERE pump_id = ? ORDER BY since DESC LIMIT 1'
const put = 'INSERT OR REPLACE INTO pump_firmware (pump_id, since, firmware) VALUES (?, ?, ?)'
const all = 'SELECT pump_id, since, firmware FROM pump_firmware ORDER BY pump_id, since'

/** Which firmware pumps had, and since when. */
export class SqlitePumpFirmware {
  readonly #last: StatementSync
  readonly #put: StatementSync
  readonly #all: StatementSync

  constructor(database: DatabaseSync) {
    this.#last = database.prepare(lastFirmware)
    this.#put = database.prepare(put)
    this.#all = database.prepare(all)
  }

  /** Inside a transaction. A pump that does not tell its firmware has the one it told last. */
  note({ pumpId, firmware }: Pick<PumpReport, 'pumpId' | 'firmware'>, at: number): void {
    if (firmware === null) return
    const last = this.#last.get(pumpId)
    if (last === undefined) this.#put.run(pumpId, 0, firmware)
    else if (text(last, 'firmware') !== firmware) this.#put.run(pumpId, at, firmware)
  }

  /** Oldest first. */
  history(): ReadonlyMap<PumpId, readonly FirmwareSince[]> {
    const rows = Map.groupBy(this.#all.all(), (row) => PumpId.parse(text(row, 'pump_id')))
    return new Map(
      [...rows].map(([pumpId, own]) => [
        pumpId,
        own.map((row) => ({ since: number(row, 'since'), firmware: text(row, 'firmware') })),
      ]),
    )
  }
}
