import { z } from 'zod'
import { LocalTime, Weekdays } from '../on-call/local-time.ts'

/** A delivery that is expected again and again, by the clock of the patient's home. */
export const PlannedStart = z.strictObject({
  weekdays: Weekdays,
  at: LocalTime,
  durationMinutes: z
    .int()
    .min(1)
    .max(7 * 24 * 60),
  /** mL of the whole delivery; null: not planned, nothing is compared. */
  volumeMl: z.number().positive().max(9999).nullable().default(null),
  /** mL/h; null: not planned, or it changes on the way. */
  rateMlPerHour: z.number().positive().max(1200).nullable().default(null),
})
export type PlannedStart = Readonly<z.infer<typeof PlannedStart>>

/** When the pump should run. A pump that is switched off raises no alarm: only a plan tells that it should be running. */
export const Plan = z.strictObject({ starts: z.array(PlannedStart).min(1).max(42) })
export type Plan = Readonly<z.infer<typeof Plan>>
