import { bootKey, type DerivedReport, type HubReport, type Report, type ReportPlace } from './reports.ts'

/** A report with its place among those of other hubs: `at` never runs back within one hub. */
export interface PlacedReport {
  readonly report: HubReport
  readonly at: number
}

const byNumber = (a: number, b: number): number => a - b
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Early journals did not keep the numbering; all of it came before the first that did. */
const numberingOf = ({ numbering }: Pick<ReportPlace, 'numbering'>): number => numbering ?? -1

/** Whether one hub wrote `a` before `b`: no clock enters (docs/adr/0026). */
export const comparePlaces = (a: ReportPlace, b: ReportPlace): number =>
  byNumber(numberingOf(a), numberingOf(b)) || byNumber(a.seq, b.seq)

export const placeOf = ({ numbering, key }: HubReport): ReportPlace => ({ numbering, seq: key.seq })

/** Boots without a numbering follow each other by their first date. */
const firstDates = (reports: readonly HubReport[]): ReadonlyMap<string, number> => {
  const dates = new Map<string, number>()
  for (const { numbering, key, occurredAt } of reports)
    if (numbering === null) dates.set(bootKey(key), Math.min(dates.get(bootKey(key)) ?? occurredAt, occurredAt))
  return dates
}

const ofOneHub = (reports: readonly HubReport[]): PlacedReport[] => {
  const dates = firstDates(reports)
  const compare = (a: HubReport, b: HubReport): number => {
    if (a.numbering !== null || b.numbering !== null)
      return comparePlaces(placeOf(a), placeOf(b)) || byText(a.key.bootId, b.key.bootId)
    const [first, second] = [dates.get(bootKey(a.key)) ?? 0, dates.get(bootKey(b.key)) ?? 0]
    return byNumber(first, second) || byText(a.key.bootId, b.key.bootId) || byNumber(a.key.seq, b.key.seq)
  }
  let latest = -Infinity
  return reports.toSorted(compare).map((report) => {
    latest = Math.max(latest, report.occurredAt)
    return { report, at: latest }
  })
}

const isHubReport = (report: Report): report is HubReport => report.kind !== 'derived'
const isDerivedReport = (report: Report): report is DerivedReport => report.kind === 'derived'

/**
 * A function of the set of reports alone, so order of arrival leaves no trace. Hubs are merged by date: a pump may move to
 * another hub. Derived reports have an order of their own and share nothing with the hub's.
 */
export const inOrder = (
  reports: readonly Report[],
): { readonly hub: readonly PlacedReport[]; readonly derived: readonly DerivedReport[] } => {
  const hub = [...Map.groupBy(reports.filter(isHubReport), (report) => report.key.hubId).values()]
    .flatMap(ofOneHub)
    .toSorted((a, b) => byNumber(a.at, b.at) || byText(a.report.key.hubId, b.report.key.hubId))
  const derived = reports.filter(isDerivedReport).toSorted((a, b) => byNumber(a.nth, b.nth))
  return { hub, derived }
}
