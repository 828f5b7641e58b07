/** When the path of an alarm counts as proven (alarms.md, "Proof that the path works"). All in ms. */
export interface PathPolicy {
  /** A proof that is older than so many intervals is none. */
  readonly overdueIntervals: number
  /** After a start or a return from silence: one interval and this much for the next proof to come. */
  readonly graceMs: number
  /** How often the way from the server to an open page is tried at least. */
  readonly stationEveryMs: number
  /** A page is not tried more often than this, however many hubs it hears of. */
  readonly stationRestMs: number
}

export const defaultPathPolicy: PathPolicy = {
  overdueIntervals: 2.5,
  graceMs: 60_000,
  stationEveryMs: 60_000,
  stationRestMs: 5_000,
}

export const overdueAfterMs = (everyMs: number, policy: PathPolicy): number => everyMs * policy.overdueIntervals

export interface Expectation {
  readonly everyMs: number
  /** Last proof, monotonic; null: none. */
  readonly provenMs: number | null
  /** Proofs have been expected without a break since then, monotonic; null: none is expected now. */
  readonly expectedMs: number | null
}

/** Whether the last proof is too old to be believed. What was never proven is so from the first expectation on. */
export const isUnproven = (
  { everyMs, provenMs, expectedMs }: Expectation,
  nowMs: number,
  policy: PathPolicy,
): boolean => {
  const since = provenMs ?? expectedMs
  return since === null || nowMs - since >= overdueAfterMs(everyMs, policy)
}

/** Whether that is an alarm: somebody who could have proven it had the time to. */
export const isOverdue = (expectation: Expectation, nowMs: number, policy: PathPolicy): boolean =>
  expectation.expectedMs !== null &&
  nowMs - expectation.expectedMs >= expectation.everyMs + policy.graceMs &&
  isUnproven(expectation, nowMs, policy)

/** `25 min`, `90 s`. */
export const limitWords = (ms: number): string =>
  ms >= 120_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 1_000)} s`
