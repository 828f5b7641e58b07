/** The pump's event log: entries of 16 bytes in a ring (zyno-miva.md 3). */
export const ringSize = 0xa900

/** How many steps forward lead from one index to the other. */
export const stepsFrom = (from: number, to: number): number => (((to - from) % ringSize) + ringSize) % ringSize

/** The index `by` steps further on, or back when negative. */
export const stepped = (index: number, by: number): number => (((index + by) % ringSize) + ringSize) % ringSize
