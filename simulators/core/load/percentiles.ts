export interface Percentiles {
  readonly count: number
  readonly p50: number
  readonly p90: number
  readonly p99: number
  readonly max: number
}

/** Nearest rank; null: nothing was measured. */
export const percentiles = (values: readonly number[]): Percentiles | null => {
  if (values.length === 0) return null
  const sorted = Float64Array.from(values).toSorted()
  const at = (part: number): number => sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? 0
  return { count: sorted.length, p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) }
}
