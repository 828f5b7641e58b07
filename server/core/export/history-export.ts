import type { ExportFormat } from '#domain/live/export.ts'
import { exportLines, type ExportHead, type IsoTime } from './export-lines.ts'
import { exportRows, type ExportQuestion, type ExportSource } from './export-rows.ts'

/** As long as a pump may be silent before that is an alarm, and longer for one that seldom speaks. */
const silentMs = 15_000
export const gapOf = (resolution: ExportQuestion['resolution'], statusIntervalMs: number): number =>
  resolution === 'minutes' ? 60_000 + silentMs : Math.max(silentMs, 3 * statusIntervalMs)

/** One pump's history as text, a piece at a time. */
export async function* historyExport(
  source: ExportSource,
  question: ExportQuestion,
  format: ExportFormat,
  head: Omit<ExportHead, 'pumpId' | 'channel' | 'from' | 'to' | 'resolution' | 'gapMs'>,
  iso: IsoTime,
): AsyncIterable<string> {
  const { pumpId, channel = null, from, to, resolution, gapMs } = question
  const lines = exportLines(format, resolution, iso)
  yield lines.head({ ...head, pumpId, channel, from, to, resolution, gapMs })
  for await (const rows of exportRows(source, question)) yield lines.rows(rows)
}
