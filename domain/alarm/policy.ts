import { z } from 'zod'

const ms = z.int().positive()

/** A lapse of `null`: it stays, as an entry for the lead. */
const CheckIn = z.object({ everyMs: ms, lapseAfterMs: ms.nullable() })

/** Every timing of the alarm engine and of the silence rules, as data (alarms.md). All in ms unless the name says otherwise. */
export const AlarmPolicy = z.object({
  /** A record older than this on arrival is late: it never rings unless the condition is still active. */
  lateAfterMs: ms.default(120_000),
  /** The same code on the same channel again within this time after its end is the same episode. */
  sameEpisodeMs: ms.default(60_000),
  /** So many re-starts of a code on a channel … */
  recurringCount: z.int().min(1).default(3),
  /** … within this time mark the episode as recurring, at least medium. */
  recurringWithinMs: ms.default(1_800_000),
  /** A low alarm or notice that ended and that nobody took closes itself after this time. */
  autoCloseLowAfterMs: ms.default(600_000),
  /**
   * A medium alarm that is present and that nobody has had for this long becomes high, where waiting makes it worse (catalogue).
   * Longer than the whole way of a medium page to the lead.
   */
  raiseUnansweredAfterMs: ms.default(3_600_000),
  /**
   * Who has an alarm that goes on says so every so often; any act of hers on it counts. So long after a check-in she missed the
   * acceptance lapses and everybody is asked again.
   */
  checkIn: z.object({ high: CheckIn, medium: CheckIn, low: CheckIn }).default({
    high: { everyMs: 300_000, lapseAfterMs: 60_000 },
    medium: { everyMs: 900_000, lapseAfterMs: 300_000 },
    low: { everyMs: 3_600_000, lapseAfterMs: null },
  }),
  /** An owner who could not be reached for so long has it no more. */
  ownerGoneAfterMs: ms.default(120_000),
  /** The longest a low alarm may be shelved at once. */
  shelveAtMostMs: ms.max(3_600_000).default(3_600_000),
  /** So many new alarms … */
  floodCount: z.int().min(2).default(10),
  /** … within this time are more than one person can answer. */
  floodWithinMs: ms.default(600_000),
  /** How often the full list of a pump's alarms is expected. */
  snapshotEveryMs: ms.default(60_000),
  /** Pump to hub: so many missed status intervals, within the two bounds below. */
  pumpMissedIntervals: z.int().min(1).default(3),
  pumpSilenceMinMs: ms.default(5_000),
  pumpSilenceMaxMs: ms.max(15_000).default(15_000),
  /** Hub to server: no heartbeat for this long. */
  hubSilenceMs: ms.max(90_000).default(30_000),
  /** Nobody on call within this time is an alarm already. */
  rotaGapAheadMs: ms.default(43_200_000),
})
export type AlarmPolicy = Readonly<z.infer<typeof AlarmPolicy>>

export const defaultAlarmPolicy: AlarmPolicy = AlarmPolicy.parse({})

/** How long a pump with this status interval (ms) may stay silent before `link-lost-pump`. */
export const pumpSilenceLimitMs = (statusIntervalMs: number, policy: AlarmPolicy): number =>
  Math.min(policy.pumpSilenceMaxMs, Math.max(policy.pumpSilenceMinMs, policy.pumpMissedIntervals * statusIntervalMs))
