import { z } from 'zod'

const ms = z.int().positive()
const ml = z.number().positive()
const part = z.number().positive().max(1)

/** What the server concludes from a pump's own readings, as data (alarms.md "Server-derived alarms"). */
export const DerivedPolicy = z.object({
  /** Delivery may differ from the program by this part; published accuracies are ±2 to ±10 %. */
  toleratedPart: part.default(0.15),
  /** … and by this much, whatever the rate, mL. */
  toleratedMl: ml.default(0.1),
  /** … and by what flows in this time: counters and rates are read one after the other, ms. */
  counterLagMs: ms.default(20_000),
  /** Smallest step of a counter until the pump has shown its own, mL. */
  assumedStepMl: ml.default(1),
  /** Nothing is concluded about a longer time between two samples, ms. */
  longestGapMs: ms.default(300_000),
  /** How late a sample may come and still count, ms. */
  reorderMs: ms.default(30_000),

  /** Line pressure counts at most this often, ms. */
  pressureEveryMs: ms.default(15_000),
  /** A closing line: the pressure has risen by at least this, mmHg … */
  pressureRiseMmHg: z.number().positive().default(60),
  /** … so evenly that a straight line explains this part of it … */
  pressureEvenness: part.default(0.97),
  /** … within one of these times, shortest first, ms. */
  pressureSpansMs: z.array(ms).default([120_000, 240_000, 480_000, 960_000, 1_920_000]),
  /** A pressure is judged while the rate stays within this part. */
  steadyRatePart: part.default(0.02),

  /** Stopped with more than this part of the program left … */
  stoppedEarlyPart: part.default(0.05),
  /** … for this long, and the pump itself does not call, ms. */
  stoppedEarlyAfterMs: ms.default(600_000),

  /** After a planned start, ms. */
  missedStartAfterMs: ms.default(1_800_000),
  /** A delivery that ran so long before its planned start counts as that start, ms. */
  earlyStartMs: ms.default(3_600_000),
  /** A missed start is an alarm for this long, ms. */
  missedStartForMs: ms.default(86_400_000),

  /** A rate or volume that differs from the plan by more than this part … */
  otherProgramPart: part.default(0.05),
  /** … for this long, ms. */
  otherProgramAfterMs: ms.default(300_000),
  /** No planned run lasts longer, ms. */
  longestRunMs: ms.default(7 * 86_400_000),

  /** The pump's clock against the server's, ms. */
  clockOffMs: ms.default(5_000),
})
export type DerivedPolicy = Readonly<z.infer<typeof DerivedPolicy>>

export const defaultDerivedPolicy: DerivedPolicy = DerivedPolicy.parse({})
