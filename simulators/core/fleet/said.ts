import type { PumpEventCode } from '#domain/events.ts'
import type { Priority } from '#domain/alarm/codes.ts'
import type { PumpEventBody } from '#domain/uplink/records.ts'
import type { Act } from '../acts.ts'
import type { PumpReading } from '../protocol-twin.ts'
import type { ModelAlarm } from '../pump-alarms.ts'
import type { Cause } from './cause.ts'

/** One alarm of a pump, as numbers; who tells it makes an id of them. */
export interface AlarmSaid {
  readonly kind: 'alarm'
  readonly code: ModelAlarm
  readonly raised: boolean
  readonly priority: Priority
  /** Counts the alarms of this pump. */
  readonly episode: number
  /** How long it lasted, ms; null while it goes on. */
  readonly lastedMs: number | null
}

/** A delivery is over. */
export interface DeliverySaid {
  readonly kind: 'delivery'
  readonly therapy: string
  readonly startedMs: number
  /** Alarms that began in it, by cause; `other`: what no cause was there for. */
  readonly alarms: Readonly<Partial<Record<Cause | 'other', number>>>
}

/** What a pump of a fleet says or goes through: told as facts, without bytes, so that thousands fit into one process. */
export type Happening =
  | { readonly kind: 'sample'; readonly reading: PumpReading }
  | AlarmSaid
  | { readonly kind: 'event'; readonly event: PumpEventCode; readonly detail: PumpEventBody['detail'] }
  | { readonly kind: 'act'; readonly act: Act }
  | DeliverySaid

export type Said = Happening & {
  readonly atMs: number
  /** Place of the pump in its fleet, from 0. */
  readonly pump: number
  readonly pumpId: string
  readonly uptimeMs: number
  readonly boot: number
  /** Counts what this pump has said, from 1. */
  readonly message: number
}
