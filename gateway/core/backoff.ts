/** Uniform in [0, 1). Handed in, so that a test can choose. */
export type Random = () => number

export interface BackoffRange {
  readonly firstMs: number
  readonly maxMs: number
}

/** reliability.md 5. */
export const laneBackoff = {
  alarm: { firstMs: 200, maxMs: 5_000 },
  telemetry: { firstMs: 200, maxMs: 30_000 },
} as const satisfies Record<string, BackoffRange>

/** protocols/README.md 6. */
export const serialReopen: BackoffRange = { firstMs: 100, maxMs: 2_000 }
export const tcpReopen: BackoffRange = { firstMs: 500, maxMs: 30_000 }

const ceiling = ({ firstMs, maxMs }: BackoffRange, failures: number): number =>
  Math.min(maxMs, firstMs * 2 ** Math.min(Math.max(failures, 1) - 1, 30))

/** Full jitter: anywhere between `firstMs` and the doubled ceiling, so that many hubs do not return together. `failures` ≥ 1. */
export const fullJitter = (range: BackoffRange, failures: number, random: Random): number =>
  range.firstMs + random() * (ceiling(range, failures + 1) - range.firstMs)

/** The doubled delay ± 20 %, for re-opening a port. `failures` ≥ 1. */
export const steadyJitter = (range: BackoffRange, failures: number, random: Random): number =>
  ceiling(range, failures) * (0.8 + 0.4 * random())
