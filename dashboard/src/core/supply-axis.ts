import { zonedParts } from './zoned-time.ts'

// The night ahead as one axis that every row shares. Pure.

const hourMs = 3_600_000
const minuteMs = 60_000
const spanMs = 12 * hourMs
const tickHours = 2

export interface SupplyAxis {
  readonly from: number
  readonly to: number
  /** Even hours of the facility's clock. */
  readonly ticks: readonly number[]
}

export const supplyAxis = (now: number, timeZone: string): SupplyAxis => {
  const [hours = 0, minutes = 0] = zonedParts(timeZone, now).time.split(':').map(Number)
  const sinceTick = (hours % tickHours) * hourMs + minutes * minuteMs + (now % minuteMs)
  const first = now - sinceTick + tickHours * hourMs
  const ticks: number[] = []
  for (let at = first; at < now + spanMs; at += tickHours * hourMs) ticks.push(at)
  return { from: now, to: now + spanMs, ticks }
}

/** Percent of the way along the axis; null: it lies outside. */
export const onAxis = ({ from, to }: SupplyAxis, at: number): number | null =>
  at < from || at > to ? null : ((at - from) / (to - from)) * 100

/** The same, with what lies outside at the nearer end. */
export const heldOnAxis = (axis: SupplyAxis, at: number): number =>
  onAxis(axis, Math.min(axis.to, Math.max(axis.from, at))) ?? 0
