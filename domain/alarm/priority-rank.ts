import type { Priority } from './codes.ts'

const rank: Record<Priority, number> = { info: 0, low: 1, medium: 2, high: 3 }

/** Positive when `a` is more urgent than `b`. */
export const comparePriority = (a: Priority, b: Priority): number => rank[a] - rank[b]
export const higherPriority = (a: Priority, b: Priority): Priority => (rank[b] > rank[a] ? b : a)
