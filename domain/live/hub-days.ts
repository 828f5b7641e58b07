import { z } from 'zod'
import { HubId } from '../ids.ts'
import { HubActKind } from './hub-log.ts'

// GET /api/v1/hubs/days: how hubs were heard over the last day. Never a pump's value.

const Delay = z.object({ count: z.int().positive(), p50Ms: z.number(), p95Ms: z.number(), maxMs: z.number() })

export const HubDayView = z.object({
  hubId: HubId,
  /** One letter per five minutes, oldest first, the last one up to `to`: domain/hub-day/slots.ts. */
  slots: z.string().max(288),
  /** The net that its last heartbeat came from; null: not known. */
  network: z.string().nullable(),
  /** By how many rows a minute the outbox shrank over the last five minutes; negative: it grows. Null: not known. */
  drain: z.object({ alarmPerMinute: z.number(), telemetryPerMinute: z.number() }).nullable(),
  /** From the hub's date to the arrival, of the last 30 to 60 min; null: nothing arrived. */
  delays: z.object({ alarm: Delay.nullable(), telemetry: Delay.nullable() }),
  /** What people did about it within the day, oldest first. */
  acts: z.array(z.object({ kind: HubActKind, at: z.int() })),
})
export type HubDayView = z.infer<typeof HubDayView>

export const HubDays = z.object({
  slotMs: z.int().positive(),
  /** End of the last slot of every hub, server time, ms. */
  to: z.int(),
  hubs: z.array(HubDayView),
  serverTime: z.int(),
})
export type HubDays = z.infer<typeof HubDays>
