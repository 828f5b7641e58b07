import type { ChannelId, EpisodeId } from '../ids.ts'
import { isSimulated } from '../telemetry.ts'
import type { Condition } from '../uplink/records.ts'
import { catalogue, defaultPriority } from './catalogue.ts'
import type { AlarmCode } from './codes.ts'
import { higherPriority } from './priority-rank.ts'
import type { EpisodeCondition } from './episode.ts'
import type { Moment } from './moment.ts'
import { bootKey, type DerivedReport, type HubReport } from './reports.ts'

type Told = Pick<
  EpisodeCondition,
  | 'source'
  | 'code'
  | 'channelId'
  | 'hubId'
  | 'type'
  | 'vendorCode'
  | 'vendorText'
  | 'reportedPriority'
  | 'reportedSource'
  | 'inactivation'
  | 'unverifiedPumps'
  | 'delivering'
  | 'experimental'
  | 'simulated'
>

/** What one report says about one condition, in one shape for pumps and server. */
export interface Statement extends Moment {
  readonly series: string
  readonly episodeId: EpisodeId
  readonly present: boolean
  readonly told: Told
  /** The latest date for which it says that the condition is present. */
  readonly vouchesAt: number
  readonly uncertaintyMs: number
  readonly observedAt: number
  readonly late: boolean
  /** Makes an id of its own when a hub uses an old one for a new episode. */
  readonly nth: number
}

/** Alarms nobody knows are told apart by the vendor's code; for the others one code on a channel is one row. */
const seriesKey = (
  source: 'hub' | 'server',
  code: AlarmCode,
  channelId: ChannelId | null,
  vendorCode: string | null,
): string => [source, code, channelId ?? '', code === 'device-text' ? (vendorCode ?? '') : ''].join('|')

const stillPresent = (condition: Condition): boolean => condition.phase !== 'end' && condition.state !== 'inactive'

export const momentOf = ({ occurredAt, key, monotonicMs }: HubReport): Moment => ({
  at: occurredAt,
  boot: bootKey(key),
  monotonicMs,
})

export const statementOf = (report: HubReport, condition: Condition): Statement => ({
  series: seriesKey('hub', condition.code, condition.channelId, condition.vendorCode),
  episodeId: condition.episodeId,
  present: stillPresent(condition),
  told: {
    source: 'hub',
    code: condition.code,
    channelId: condition.channelId,
    hubId: report.key.hubId,
    type: condition.type,
    vendorCode: condition.vendorCode,
    vendorText: condition.vendorText,
    reportedPriority: condition.priority,
    reportedSource: condition.prioritySource,
    inactivation: condition.inactivation,
    unverifiedPumps: [],
    delivering: null,
    experimental: condition.experimental,
    simulated: report.simulated || isSimulated(condition.measurementStatus),
  },
  ...momentOf(report),
  vouchesAt: report.vouchesAt ?? report.occurredAt,
  uncertaintyMs: report.uncertaintyMs,
  observedAt: report.receivedAt,
  late: report.late,
  nth: report.key.seq,
})

export const derivedSeriesKey = (code: AlarmCode, channelId: ChannelId | null): string =>
  seriesKey('server', code, channelId, null)

export const derivedStatementOf = (report: DerivedReport): Statement => ({
  series: derivedSeriesKey(report.code, report.channelId),
  episodeId: report.episodeId,
  present: report.raised,
  told: {
    source: 'server',
    code: report.code,
    channelId: report.channelId,
    hubId: report.hubId,
    type: catalogue[report.code].type,
    vendorCode: null,
    vendorText: report.text,
    reportedPriority: higherPriority(defaultPriority(report.code, report.delivering), report.priority ?? 'info'),
    reportedSource: 'server',
    inactivation: [],
    unverifiedPumps: report.unverifiedPumps,
    delivering: report.delivering,
    experimental: report.experimental,
    simulated: report.simulated,
  },
  at: report.at,
  vouchesAt: report.at,
  uncertaintyMs: 0,
  observedAt: report.at,
  late: false,
  boot: 'server',
  monotonicMs: null,
  nth: report.nth,
})
