import { z } from 'zod'
import { TherapyCriticality } from '../alarm/codes.ts'
import { HubId, PumpId } from '../ids.ts'
import { AlarmView } from './views.ts'

// GET /api/v1/replay: the wall as it stood. All times are server time, ms since the epoch.

export const ReplayQuery = z.object({ at: z.coerce.number().int().nonnegative() })

/** What the journal knew of a pump then. Readings are not in the journal: `/pumps/{pumpId}/history` has them. */
export const ReplayedPump = z.object({
  pumpId: PumpId,
  /** The hub that had reported it last; null: none had reported an alarm or a list of it. */
  hubId: HubId.nullable(),
  /** Bed or ward label of its assignment then; null: none, or whoever asks may not know. */
  label: z.string().nullable(),
  criticality: TherapyCriticality,
  /** Since when its own link, or its hub, was not heard; null: heard. */
  linkLostSince: z.int().nullable(),
  hubLostSince: z.int().nullable(),
  /** When the last record or list of its alarms had come; null: none yet. */
  toldAt: z.int().nullable(),
})
export type ReplayedPump = z.infer<typeof ReplayedPump>

export const Replay = z.object({
  at: z.int(),
  /** Open then, as every screen showed them. */
  alarms: z.array(AlarmView),
  pumps: z.array(ReplayedPump),
  /** Hubs that were known to be silent, and since when. */
  silentHubs: z.array(z.object({ hubId: HubId, since: z.int() })),
  serverTime: z.int(),
})
export type Replay = z.infer<typeof Replay>
