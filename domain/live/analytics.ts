import { z } from 'zod'

// GET /api/v1/analytics: what alarms cost and what they were worth. All times are ms.

export const AnalyticsGroup = z.enum(['code', 'pump', 'firmware', 'team'])
export type AnalyticsGroup = z.infer<typeof AnalyticsGroup>

export const longestAnalyticsMs = 92 * 86_400_000

export const AnalyticsQuery = z.object({
  /** Alarms that the server was told of in [from, to), ms since the epoch. */
  from: z.coerce.number().int().nonnegative(),
  to: z.coerce.number().int().nonnegative(),
  by: AnalyticsGroup.default('code'),
  /** Simulated alarms or real ones, never both (alarms.md rule 8). */
  simulated: z.enum(['true', 'false']).default('false'),
})

/** Nearest rank, over those that have a value. */
export const Spread = z.object({ count: z.int(), median: z.number(), p90: z.number() })
export type Spread = z.infer<typeof Spread>

const share = z.number().min(0).max(1).nullable()

export const AlarmBurden = z.object({
  /** The code, pump, firmware or team; `-` for alarms without one. */
  key: z.string(),
  alarms: z.int(),
  high: z.int(),
  durationMs: Spread.nullable(),
  /** From when the server was told. */
  toSeenMs: Spread.nullable(),
  toAcceptedMs: Spread.nullable(),
  toResolvedMs: Spread.nullable(),
  accepted: z.int(),
  recurrences: z.int(),
  /** Somebody said what it was: the shares are of these. */
  judged: z.int(),
  trueAndActed: share,
  trueNotRelevant: share,
  false: share,
  /** Null: nothing was accepted. */
  pagesPerAccepted: z.number().nullable(),
  /** Started between 22:00 and 06:00 by the clock of the patient's home, else the facility's. */
  nightShare: share,
  /** Null: not known. */
  completenessPercent: z.number().nullable(),
})
export type AlarmBurden = z.infer<typeof AlarmBurden>

export const Baseline = z.object({ figure: z.string(), value: z.number(), unit: z.string(), source: z.string() })
export type Baseline = z.infer<typeof Baseline>

export const Analytics = z.object({
  from: z.int(),
  to: z.int(),
  by: AnalyticsGroup,
  simulated: z.boolean(),
  total: AlarmBurden,
  /** Most alarms first. */
  rows: z.array(AlarmBurden),
  baselines: z.array(Baseline),
  serverTime: z.int(),
})
export type Analytics = z.infer<typeof Analytics>
