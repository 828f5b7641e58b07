import type { TeamAssigned, TeamAssignment } from '#domain/assignment/api.ts'
import type { AuditFilter, AuditPage } from '#domain/audit/api.ts'
import type { HandOverOutcome, HandOverSheet } from '#domain/hand-over/sheet.ts'
import type { HubId, PumpId, UserId } from '#domain/ids.ts'
import type { PumpAdherence, TeamAdherence } from '#domain/live/adherence.ts'
import type { Analytics, AnalyticsGroup } from '#domain/live/analytics.ts'
import type { AlarmDetail } from '#domain/live/api.ts'
import type { HubDays } from '#domain/live/hub-days.ts'
import type { HubActBody, HubLog, HubRecords } from '#domain/live/hub-log.ts'
import type { HubLedger } from '#domain/live/ledger.ts'
import type { Replay } from '#domain/live/replay.ts'
import type { Supply } from '#domain/live/supply.ts'
import type { AlarmView } from '#domain/live/views.ts'
import type { FleetBody, FleetState, StoryList } from '#domain/simulators/control.ts'
import type { SimulatedPumpDetail, SimulatorClock, SimulatorList } from '#domain/simulators/control.ts'
import type { TeamId } from '#domain/on-call/duty.ts'
import type { EpisodeFilter } from './history-query.ts'

// What the screens of the office ask: hand-over, history, hubs, simulators. Their answers are decoded by code that the worker
// fetches with the first of them, so that the wall's first load stays small.

/** What is done to a simulated pump. */
export type SimulatorDeed =
  | { readonly kind: 'act'; readonly act: string; readonly amount?: number; readonly code?: string }
  | { readonly kind: 'fault'; readonly fault: string; readonly on: boolean }
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'scenario'; readonly scenario: string; readonly seed?: number }

/** Virtual time of all simulated pumps. */
export type SimulatorPace =
  | { readonly to: 'start' | 'pause' }
  | { readonly to: 'step'; readonly ms: number }
  | { readonly to: 'speed'; readonly speed: number }

export type OfficeRequest =
  /** `teamId` null: the asker's first team. */
  | { readonly what: 'hand-over'; readonly teamId: TeamId | null }
  | { readonly what: 'hand-over-offer'; readonly requestId: string; readonly to: UserId }
  | { readonly what: 'hand-over-take' | 'hand-over-withdraw'; readonly requestId: string }
  | { readonly what: 'hand-over-decline'; readonly requestId: string; readonly reason: string }
  | { readonly what: 'watch'; readonly pumpId: PumpId; readonly note: string }
  | { readonly what: 'watch-end'; readonly pumpId: PumpId }
  | {
      readonly what: 'episodes'
      /** When the server was told, ms, [from, to). */
      readonly from: number
      readonly to: number
      readonly simulated: boolean
      readonly filter: EpisodeFilter
      /** Only those that began earlier; null: the newest. */
      readonly before: number | null
      readonly limit: number
    }
  | { readonly what: 'episode'; readonly episodeId: string }
  | {
      readonly what: 'analytics'
      readonly from: number
      readonly to: number
      readonly by: AnalyticsGroup
      readonly simulated: boolean
    }
  | { readonly what: 'replay'; readonly at: number }
  | { readonly what: 'assign-team'; readonly body: TeamAssignment }
  | { readonly what: 'hub-days' }
  | { readonly what: 'supply'; readonly teamId: TeamId | null; readonly limit: number }
  | {
      readonly what: 'adherence'
      readonly teamId: TeamId | null
      readonly weeksAgo: number
      readonly offset: number
      readonly limit: number
    }
  | { readonly what: 'pump-adherence'; readonly pumpId: PumpId; readonly weeksAgo: number }
  | { readonly what: 'audit'; readonly filter: AuditFilter; readonly before: number | null; readonly limit: number }
  | { readonly what: 'hub-log' | 'hub-records'; readonly hubId: HubId }
  | { readonly what: 'hub-ledger'; readonly hubId: HubId; readonly hours: number }
  | { readonly what: 'hub-act'; readonly hubId: HubId; readonly body: HubActBody }
  | { readonly what: 'simulators' | 'simulator-stories' | 'simulator-fleet' }
  /** `fleet` null: it ends. */
  | { readonly what: 'simulator-fleet-set'; readonly fleet: FleetBody | null }
  | { readonly what: 'simulator'; readonly pumpId: string }
  | { readonly what: 'simulator-deed'; readonly pumpId: string; readonly deed: SimulatorDeed }
  | { readonly what: 'simulator-pace'; readonly pace: SimulatorPace }

export interface OfficeResults {
  readonly 'hand-over': HandOverSheet
  readonly 'hand-over-offer': HandOverOutcome
  readonly 'hand-over-take': HandOverOutcome
  readonly 'hand-over-withdraw': HandOverOutcome
  readonly 'hand-over-decline': HandOverOutcome
  readonly watch: null
  readonly 'watch-end': null
  readonly episodes: { readonly alarms: readonly AlarmView[]; readonly serverTime: number }
  readonly episode: AlarmDetail
  readonly analytics: Analytics
  readonly replay: Replay
  readonly 'assign-team': TeamAssigned
  readonly 'hub-days': HubDays
  readonly supply: Supply
  readonly adherence: TeamAdherence
  readonly 'pump-adherence': PumpAdherence
  readonly audit: AuditPage
  readonly 'hub-log': HubLog
  readonly 'hub-records': HubRecords
  readonly 'hub-ledger': HubLedger
  readonly 'hub-act': HubLog
  readonly simulators: SimulatorList
  readonly 'simulator-stories': StoryList
  readonly 'simulator-fleet': FleetState
  readonly 'simulator-fleet-set': FleetState
  readonly simulator: SimulatedPumpDetail
  readonly 'simulator-deed': null
  readonly 'simulator-pace': SimulatorClock
}

const officeRequests: Readonly<Record<OfficeRequest['what'], true>> = {
  'hand-over': true,
  'hand-over-offer': true,
  'hand-over-take': true,
  'hand-over-withdraw': true,
  'hand-over-decline': true,
  watch: true,
  'watch-end': true,
  episodes: true,
  episode: true,
  analytics: true,
  replay: true,
  'assign-team': true,
  'hub-days': true,
  supply: true,
  adherence: true,
  'pump-adherence': true,
  audit: true,
  'hub-log': true,
  'hub-records': true,
  'hub-ledger': true,
  'hub-act': true,
  simulators: true,
  'simulator-stories': true,
  'simulator-fleet': true,
  'simulator-fleet-set': true,
  simulator: true,
  'simulator-deed': true,
  'simulator-pace': true,
}

export const isOfficeRequest = (request: { readonly what: string }): request is OfficeRequest =>
  Object.hasOwn(officeRequests, request.what)
