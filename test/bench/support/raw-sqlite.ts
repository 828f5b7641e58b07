import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqliteTelemetryStore } from '#server/adapters/sqlite/telemetry-store.ts'
import { putSample } from '#server/adapters/sqlite/telemetry-sql.ts'
import { columns } from '#server/core/telemetry-columns.ts'
import type { TelemetryPoint } from '#server/core/ports.ts'

const rowsPerCommit = 500
const rowsPerRound = 50_000

/** Rows a second that a bare `node:sqlite` takes into the same table on the same disk, 500 a commit, with FULL; values made beforehand. */
export const rawSqliteRate = (rows: number, point: (nth: number) => TelemetryPoint): number => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-sqlite-'))
  const { database } = openSqliteTelemetryStore(join(folder, 'telemetry.db'))
  try {
    const put = database.prepare(putSample)
    let tookMs = 0
    for (let from = 0; from < rows; from += rowsPerRound) {
      const values = Array.from({ length: Math.min(rowsPerRound, rows - from) }, (_, nth) => {
        const one = point(from + nth)
        const { pumpId, occurredAt, seq, hubId, sample } = one
        return [pumpId, occurredAt, seq, hubId, sample.channelId, seq, ...columns.map((column) => column.read(one))]
      })
      const begun = performance.now()
      for (let first = 0; first < values.length; first += rowsPerCommit) {
        database.exec('BEGIN IMMEDIATE')
        for (const row of values.slice(first, first + rowsPerCommit)) put.run(...row)
        database.exec('COMMIT')
      }
      tookMs += performance.now() - begun
    }
    return (rows * 1_000) / tookMs
  } finally {
    database.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
