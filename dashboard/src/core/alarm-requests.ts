import type { TriageRecord, TriageVersion } from '#domain/alarm/triage.ts'
import type { EpisodeId, PumpId } from '#domain/ids.ts'
import type { AlarmDetail } from '#domain/live/api.ts'

/** What the page asks about one alarm. */
export type AlarmRequest =
  | { readonly what: 'alarm'; readonly episodeId: EpisodeId }
  | {
      readonly what: 'triage'
      readonly episodeId: EpisodeId
      readonly requestId: string
      /** Of what is amended; 0 for the first. */
      readonly expectedVersion: number
      readonly record: TriageRecord
    }
  | { readonly what: 'patient-phone'; readonly pumpId: PumpId }

export interface AlarmResults {
  readonly alarm: AlarmDetail
  readonly triage: readonly TriageVersion[]
  readonly 'patient-phone': string | null
}

export const isAlarmRequest = (request: { readonly what: string }): request is AlarmRequest =>
  request.what === 'alarm' || request.what === 'triage' || request.what === 'patient-phone'
