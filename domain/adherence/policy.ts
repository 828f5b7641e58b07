/** When what happened counts as what was planned (clinical.md 10 rule 3), as data. */
export interface AdherencePolicy {
  /** A start or a stop may be so far from its time, ms. */
  readonly lateMs: number
  /** A delivery that begins so long before its time counts as that one, ms. */
  readonly earlyStartMs: number
  /** What goes on after its end is followed for so long, ms. */
  readonly followMs: number
  /** This part of the planned volume may be missing; a silence shorter than this part of the planned time hides no delivery. */
  readonly shortPart: number
}

export const adherencePolicy: AdherencePolicy = {
  lateMs: 1_800_000,
  earlyStartMs: 3_600_000,
  followMs: 43_200_000,
  shortPart: 0.05,
}
