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
export const Spread = z.object({
  count: z.int(),
  median: z.number(),
  p90: z.number(),
  p95: z.number(),
  max: z.number(),
})
export type Spread = z.infer<typeof Spread>

const share = z.number().min(0).max(1).nullable()

export const AlarmBurden = z.object({
  /** The code, pump, firmware or team; `-` for alarms without one. */
  key: z.string(),
  alarms: z.int(),
  high: z.int(),
  medium: z.int(),
  low: z.int(),
  durationMs: Spread.nullable(),
  /** From when the server was told. */
  toSeenMs: Spread.nullable(),
  toAcceptedMs: Spread.nullable(),
  toResolvedMs: Spread.nullable(),
  accepted: z.int(),
  recurrences: z.int(),
  /** Alarms that came back at least once, and at least three times. */
  cameBack: z.int(),
  chattering: z.int(),
  /** That went on for more than 24 h, up to now for those that still do. */
  standing: z.int(),
  /** Somebody said what it was: the shares are of these. */
  judged: z.int(),
  trueAndActed: share,
  trueNotRelevant: share,
  false: share,
  /** Null: nothing was accepted. */
  pagesPerAccepted: z.number().nullable(),
  /** Started between 22:00 and 06:00 by the clock of the patient's home, else the facility's. */
  nightShare: share,
  /** Stored readings of those expected while the pump was heard; by pump only, at most two days and 20 pumps. Null: not known. */
  completenessPercent: z.number().nullable(),
})
export type AlarmBurden = z.infer<typeof AlarmBurden>

export const Baseline = z.object({ figure: z.string(), value: z.number(), unit: z.string(), source: z.string() })
export type Baseline = z.infer<typeof Baseline>

/** Of one stretch of time. `most`: what one nurse got in the worst ten minutes of it. */
export const LoadBucket = z.object({ from: z.int(), high: z.int(), medium: z.int(), low: z.int(), most: z.int() })
export type LoadBucket = z.infer<typeof LoadBucket>

/** How much a nurse gets. A nurse is the first one of a team that had an alarm in the time. */
export const AlarmLoad = z.object({
  bucketMs: z.int().positive(),
  nurses: z.int().positive(),
  perNurseHour: z.number().nullable(),
  /** Of the stretches of ten minutes of each nurse, those with ten new alarms and more. */
  floodShare: share,
  mostInTenMinutes: z.int(),
  /** Without a hole, oldest first. */
  buckets: z.array(LoadBucket),
})
export type AlarmLoad = z.infer<typeof AlarmLoad>

export const Analytics = z.object({
  from: z.int(),
  to: z.int(),
  by: AnalyticsGroup,
  simulated: z.boolean(),
  total: AlarmBurden,
  /** Most alarms first. */
  rows: z.array(AlarmBurden),
  load: AlarmLoad,
  baselines: z.array(Baseline),
  serverTime: z.int(),
})
export type Analytics = z.infer<typeof Analytics>
