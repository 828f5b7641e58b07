import { bootKey, type DerivedReport, type HubReport, type Report } from './reports.ts'
import type { AlarmState } from './state.ts'

/** A report with its place: `at` never runs back within one hub. */
export interface PlacedReport {
  readonly report: HubReport
  readonly at: number
}

const byNumber = (a: number, b: number): number => a - b
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** One hub's boots follow each other by their first date, and within a boot the number rules, whatever the dates say. */
const ofOneHub = (reports: readonly HubReport[], boots: AlarmState['boots']): PlacedReport[] => {
  const bootStart = (report: HubReport): number => boots[bootKey(report.key)] ?? report.occurredAt
  let latest = -Infinity
  return reports
    .toSorted(
      (a, b) =>
        byNumber(bootStart(a), bootStart(b)) || byText(a.key.bootId, b.key.bootId) || byNumber(a.key.seq, b.key.seq),
    )
    .map((report) => {
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
  boots: AlarmState['boots'],
): { readonly hub: readonly PlacedReport[]; readonly derived: readonly DerivedReport[] } => {
  const hub = [...Map.groupBy(reports.filter(isHubReport), (report) => report.key.hubId).values()]
    .flatMap((ofHub) => ofOneHub(ofHub, boots))
    .toSorted((a, b) => byNumber(a.at, b.at) || byText(a.report.key.hubId, b.report.key.hubId))
  const derived = reports.filter(isDerivedReport).toSorted((a, b) => byNumber(a.nth, b.nth))
  return { hub, derived }
}
