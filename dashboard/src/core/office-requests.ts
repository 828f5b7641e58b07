import type { HandOverOutcome, HandOverSheet } from '#domain/hand-over/sheet.ts'
import type { PumpId, UserId } from '#domain/ids.ts'
import type { TeamId } from '#domain/on-call/duty.ts'

// What the screens of the office ask: hand-over, history, hubs, simulators. Their answers are decoded by code that the worker
// fetches with the first of them, so that the wall's first load stays small.

export type OfficeRequest =
  /** `teamId` null: the asker's first team. */
  | { readonly what: 'hand-over'; readonly teamId: TeamId | null }
  | { readonly what: 'hand-over-offer'; readonly requestId: string; readonly to: UserId }
  | { readonly what: 'hand-over-take' | 'hand-over-withdraw'; readonly requestId: string }
  | { readonly what: 'hand-over-decline'; readonly requestId: string; readonly reason: string }
  | { readonly what: 'watch'; readonly pumpId: PumpId; readonly note: string }
  | { readonly what: 'watch-end'; readonly pumpId: PumpId }

export interface OfficeResults {
  readonly 'hand-over': HandOverSheet
  readonly 'hand-over-offer': HandOverOutcome
  readonly 'hand-over-take': HandOverOutcome
  readonly 'hand-over-withdraw': HandOverOutcome
  readonly 'hand-over-decline': HandOverOutcome
  readonly watch: null
  readonly 'watch-end': null
}

const officeRequests: Readonly<Record<OfficeRequest['what'], true>> = {
  'hand-over': true,
  'hand-over-offer': true,
  'hand-over-take': true,
  'hand-over-withdraw': true,
  'hand-over-decline': true,
  watch: true,
  'watch-end': true,
}

export const isOfficeRequest = (request: { readonly what: string }): request is OfficeRequest =>
  Object.hasOwn(officeRequests, request.what)
