const units = [
  ['year', 365 * 86_400_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const

/** A length of time as a person says it: the largest unit that fits, rounded. */
export const roughly = (ms: number): string => {
  for (const [name, size] of units) {
    const count = Math.round(ms / size)
    if (ms >= size) return `${count} ${name}${count === 1 ? '' : 's'}`
  }
  return `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)} s`
}
