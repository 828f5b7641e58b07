import type { BootId } from '#domain/ids.ts'
import type { Lane } from '#domain/uplink/records.ts'
import type { GatewayErrorCode } from '../../core/errors.ts'
import type { Salvaged } from './checks.ts'
import type { StorageTrouble } from './storage-trouble.ts'
import type { OutboxLimits } from './limits.ts'
import type { NewRecord, OutboxDepth, OutboxRecord, OutboxSeq, QuarantineNotice } from '../../core/ports.ts'

export interface WorkerData {
  readonly folder: string
  readonly bootId: BootId
  readonly limits: OutboxLimits
  /** `performance.timeOrigin` of the process: the worker's own clock starts later. */
  readonly timeOrigin: number
}

/** What the main thread asks of the worker. */
export type Ask =
  | { readonly ask: 'append'; readonly lane: Lane; readonly records: readonly NewRecord[] }
  | {
      readonly ask: 'peek'
      readonly lane: Lane
      readonly limit: number
      readonly order: 'oldest' | 'newest'
      readonly after: OutboxSeq
    }
  | { readonly ask: 'settle'; readonly seqs: readonly OutboxSeq[] }
  | { readonly ask: 'quarantine'; readonly seq: OutboxSeq; readonly reason: string }
  | { readonly ask: 'depth' }
  | { readonly ask: 'hurry' }
  | { readonly ask: 'close' }

export type Request = { readonly id: number } & Ask

export type Answer =
  | { readonly ask: 'append'; readonly seqs: readonly OutboxSeq[] }
  | { readonly ask: 'peek'; readonly records: readonly OutboxRecord[] }
  | { readonly ask: 'depth'; readonly depth: OutboxDepth }
  | { readonly ask: 'settle' | 'quarantine' | 'hurry' | 'close' }

export interface Failure {
  readonly code: GatewayErrorCode
  readonly message: string
}

export type FromWorker =
  | { readonly kind: 'ready'; readonly salvaged: Readonly<Partial<Record<Lane, Salvaged>>> }
  | { readonly kind: 'unfit'; readonly failure: Failure }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: Answer }
  | { readonly kind: 'failure'; readonly id: number; readonly failure: Failure }
  | { readonly kind: 'quarantined'; readonly notice: QuarantineNotice }
  | { readonly kind: 'storage'; readonly trouble: StorageTrouble | null }
