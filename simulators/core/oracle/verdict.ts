import { findingKinds, type Finding, type FindingKind } from './finding.ts'
import type { Told } from './told.ts'

export interface PumpVerdict {
  readonly pumpId: string
  /** That must be on the server. */
  readonly samples: number
  /** Told by the pump. */
  readonly alarms: number
  readonly findings: Readonly<Partial<Record<FindingKind, number>>>
}

export interface Verdict {
  readonly pumps: number
  readonly samples: number
  readonly alarms: number
  readonly findings: readonly Finding[]
  /** In the order of their ids; also who has findings without having told anything. */
  readonly perPump: readonly PumpVerdict[]
}

const countsOf = (findings: readonly Finding[]): PumpVerdict['findings'] =>
  Object.fromEntries(
    findingKinds.flatMap((kind) => {
      const count = findings.filter((finding) => finding.kind === kind).length
      return count === 0 ? [] : [[kind, count]]
    }),
  )

export const verdictOf = (told: Told, findings: readonly Finding[]): Verdict => {
  const samples = Map.groupBy(told.samples, ({ pumpId }) => pumpId)
  const alarms = Map.groupBy(
    told.alarms.filter(({ raised }) => raised),
    ({ pumpId }) => pumpId,
  )
  const found = Map.groupBy(findings, ({ pumpId }) => pumpId)
  const perPump = [...new Set([...samples.keys(), ...alarms.keys(), ...found.keys()])].toSorted().map((pumpId) => ({
    pumpId,
    samples: (samples.get(pumpId) ?? []).filter(({ isOwed }) => isOwed).length,
    alarms: alarms.get(pumpId)?.length ?? 0,
    findings: countsOf(found.get(pumpId) ?? []),
  }))
  const sum = (count: (pump: PumpVerdict) => number): number => perPump.reduce((total, pump) => total + count(pump), 0)
  return {
    pumps: samples.size,
    samples: sum((pump) => pump.samples),
    alarms: sum((pump) => pump.alarms),
    findings,
    perPump,
  }
}

const isClean = ({ findings }: PumpVerdict): boolean => Object.keys(findings).length === 0

/** So many pumps are listed one by one also when nothing is wrong with them. */
const fewPumps = 40
const shownOfAKind = 5

const wordsOf = ({ findings }: PumpVerdict): string =>
  findingKinds.flatMap((kind) => (findings[kind] === undefined ? [] : `${findings[kind]} ${kind}`)).join(', ')

/** For people: pump by pump, then each finding, then the sums. */
export const verdictTable = (verdict: Verdict): string => {
  const { perPump, findings } = verdict
  const listed = perPump.length > fewPumps ? perPump.filter((pump) => !isClean(pump)) : perPump
  const rows = [
    ['pump', 'samples', 'alarms', 'found'],
    ...listed.map((pump) => [pump.pumpId, String(pump.samples), String(pump.alarms), wordsOf(pump) || '–']),
    ['all', String(verdict.samples), String(verdict.alarms), findings.length === 0 ? '–' : String(findings.length)],
  ]
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const pad = (cell: string, column: number): string => {
    if (column === 0) return cell.padEnd(widths[0] ?? 0)
    return column === 3 ? cell : cell.padStart(widths[column] ?? 0)
  }
  const quiet = perPump.length - listed.length
  return [
    ...rows.map((row) => row.map(pad).join('  ')),
    ...(quiet > 0 ? [`${quiet} pumps without findings are not listed.`] : []),
    ...detailsOf(findings),
    findings.length === 0 ? 'Nothing is missing, doubled, late, false or wrong.' : `\n${findings.length} findings`,
  ].join('\n')
}

const detailsOf = (findings: readonly Finding[]): readonly string[] =>
  [...Map.groupBy(findings, ({ pumpId }) => pumpId)].flatMap(([pumpId, own]) => [
    `\n${pumpId}`,
    ...findingKinds.flatMap((kind) => {
      const list = own.filter((finding) => finding.kind === kind)
      const more = list.length - shownOfAKind
      return [
        ...list.slice(0, shownOfAKind).map(({ what }) => `  ${kind.padEnd(16)} ${what}`),
        ...(more > 0 ? [`  ${kind.padEnd(16)} … and ${more} more`] : []),
      ]
    }),
  ])

/** For programs: a line per finding, a line per pump, a last one with the sums. */
export const verdictLines = ({ perPump, findings, pumps, samples, alarms }: Verdict): readonly object[] => [
  ...findings,
  ...perPump.map((pump) => ({ ...pump, kind: 'pump' })),
  { kind: 'total', pumps, samples, alarms, findings: findings.length },
]
