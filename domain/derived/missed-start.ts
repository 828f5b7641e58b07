import type { DerivedPolicy } from './policy.ts'
import type { Level } from './watched-sample.ts'

/**
 * A planned start that nobody made. `planned`: starts of a pump, ms; `deliveredAt`: when it was last heard to deliver, null: never.
 * Whatever ran from an hour before a start counts as that start.
 */
export const missedStart = (
  planned: readonly number[],
  deliveredAt: number | null,
  now: number,
  policy: DerivedPolicy,
): { readonly level: Level; readonly plannedAt: number | null } => {
  const due = planned.filter((at) => at + policy.missedStartAfterMs <= now && now - at < policy.missedStartForMs)
  const plannedAt = due.length === 0 ? null : Math.max(...due)
  if (plannedAt === null) return { level: 'fine', plannedAt: null }
  const started = deliveredAt !== null && deliveredAt >= plannedAt - policy.earlyStartMs
  return { level: started ? 'fine' : 'raised', plannedAt }
}
