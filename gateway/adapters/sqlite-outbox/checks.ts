import { z } from 'zod'
import { isCheckDue } from './check-due.ts'
import { readRow } from './row.ts'
import type { QuarantineNotice } from '../../core/ports.ts'
import type { LaneFile } from './lane-file.ts'

const rowsPerLook = 500
/** More rows than this are left to the reads that come anyway: the start must not wait for them. */
const mostRowsScanned = 50_000

/** A file was damaged: how many rows could be carried over, and the damaged file's new name in the outbox's folder. */
export const Salvaged = z.object({ rows: z.int(), setAside: z.string() })
export type Salvaged = z.infer<typeof Salvaged>

/** Once a week every row's checksum is looked at; rows that fail are set aside and given back. */
export const scanRowsWhenDue = (file: LaneFile, wallAt: number): readonly QuarantineNotice[] => {
  if (!isCheckDue(noteOf(file, 'checked-at'), wallAt) || file.rows > mostRowsScanned) return []
  const quarantined: QuarantineNotice[] = []
  for (const statement of ['oldestThinned', 'oldest'] as const) {
    let after = 0
    for (;;) {
      const rows = file.unsettled(statement, rowsPerLook, after)
      for (const row of rows) {
        const read = readRow(row)
        if (!read.ok) quarantined.push(...file.quarantine(Number(row['seq']), read.reason))
      }
      if (rows.length < rowsPerLook) break
      after = Number(rows.at(-1)?.['seq'])
    }
  }
  file.transaction(() => file.statement('note').run('checked-at', Math.floor(wallAt)), false)
  return quarantined
}

/** Told until somebody has had the time to hear it: a crash right after a salvage must not hide it. */
export const salvagedOf = (file: LaneFile): Salvaged | null => {
  const note = noteOf(file, 'salvaged')
  if (typeof note !== 'string') return null
  return Salvaged.parse(JSON.parse(note))
}

export const forgetSalvaged = (file: LaneFile): void =>
  file.transaction(() => file.statement('dropNote').run('salvaged'))

const noteOf = (file: LaneFile, name: string): unknown => file.read(() => file.statement('noted').get(name))?.['value']
