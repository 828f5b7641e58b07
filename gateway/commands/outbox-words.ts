import type { LaneInspection, OutboxInspection, QuarantinedRow } from '../adapters/sqlite-outbox/inspect.ts'
import type { OutboxLimits } from '../adapters/sqlite-outbox/limits.ts'
import type { Verification } from '../adapters/sqlite-outbox/verify.ts'

const number = new Intl.NumberFormat('en')

const bytesWord = (bytes: number): string => {
  if (bytes < 1024) return `${bytes} B`
  const mebibytes = bytes / 1_048_576
  return mebibytes < 1 ? `${(bytes / 1024).toFixed(0)} KiB` : `${number.format(Number(mebibytes.toFixed(1)))} MiB`
}

/** Of a wall clock that may have been wrong: a row from the future is said to be that. */
const ageWord = (wallAt: number | null, nowMs: number): string => {
  if (wallAt === null) return '–'
  const seconds = Math.round((nowMs - wallAt) / 1_000)
  if (seconds < -60) return 'stamped in the future'
  if (seconds < 120) return `${Math.max(0, seconds)} s`
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`
  if (seconds < 172_800) return `${Math.round(seconds / 3_600)} h`
  return `${Math.round(seconds / 86_400)} days`
}

const columnsOf = (rows: readonly (readonly string[])[]): readonly string[] => {
  const widths = rows.reduce<number[]>(
    (known, row) => row.map((cell, index) => Math.max(known[index] ?? 0, cell.length)),
    [],
  )
  return rows.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('   ')
      .trimEnd(),
  )
}

const laneRow = (name: string, lane: LaneInspection, nowMs: number): readonly string[] => [
  name,
  number.format(lane.rows),
  ageWord(lane.oldestWallAt, nowMs),
  ageWord(lane.newestWallAt, nowMs),
  bytesWord(lane.usedBytes),
]

const quarantinedWords = (row: QuarantinedRow): string => {
  const what = `${row.kind ?? 'record'} ${row.seq}${row.pumpId === null ? '' : ` of ${row.pumpId}`}`
  const when = row.wallAt === null ? '' : `, ${new Date(row.wallAt).toISOString()}`
  return `  ${row.lane}: ${what}${when}: ${row.reason}${row.bodyKept ? '' : ' (content gone, its hash is kept)'}`
}

/** For a person in front of the hub. */
export const inspectionWords = (found: OutboxInspection, limits: OutboxLimits, nowMs: number): string => {
  const { alarm, telemetry } = found
  const fill = Math.round((telemetry.usedBytes / limits.telemetryBytes) * 100)
  const facts = columnsOf([
    ['Room for measurements', `${bytesWord(telemetry.usedBytes)} of ${bytesWord(limits.telemetryBytes)} (${fill} %)`],
    ['Kept free for alarms', `${bytesWord(alarm.freeBytes)} of ${bytesWord(limits.reserveBytes)}`],
    ['Ballast', found.ballastBytes > 0 ? `held, ${bytesWord(found.ballastBytes)}` : 'given up or not made yet'],
    ['Thinned rows', `${number.format(telemetry.thinned)} of those that wait stand for many`],
    [
      'Named by tombstones',
      `${number.format(found.tombstoned)} measurements${found.tombstonesUncopied > 0 ? `; ${found.tombstonesUncopied} tombstones are not on the alarm lane yet` : ''}`,
    ],
    ['Set aside', `${number.format(found.quarantined)} records`],
    ['Damaged files kept', found.setAside.length === 0 ? 'none' : String(found.setAside.length)],
  ])
  const more = found.quarantined - found.quarantinedRows.length
  return [
    `Outbox in ${found.folder}: the hub ${found.running ? 'is running' : 'is not running'}.`,
    '',
    ...columnsOf([
      ['', 'waiting', 'oldest', 'newest', 'on disk'],
      laneRow('alarms', alarm, nowMs),
      laneRow('measurements', telemetry, nowMs),
    ]),
    '',
    ...facts,
    ...(found.quarantinedRows.length === 0 ? [] : ['', 'Records set aside, newest first:']),
    ...found.quarantinedRows.map(quarantinedWords),
    ...(more > 0 ? [`  and ${number.format(more)} more`] : []),
    ...(found.setAside.length === 0 ? [] : ['', 'Damaged files, kept as they were found:']),
    ...found.setAside.map(({ name, bytes }) => `  ${name}, ${bytesWord(bytes)}`),
    '',
  ].join('\n')
}

export const verificationWords = ({ path, problems, rows, badRows, quarantined }: Verification): string =>
  [
    `${path}: ${problems.length === 0 ? 'good' : 'DAMAGED'}. ${number.format(rows)} rows read, ${number.format(badRows)} with a wrong checksum, ${number.format(quarantined)} set aside before.`,
    ...problems.map((problem) => `  ${problem}`),
    ...(problems.length === 0
      ? []
      : ['  The hub sets a damaged file aside when it starts, keeps it, and carries its good rows over.']),
    '',
  ].join('\n')
