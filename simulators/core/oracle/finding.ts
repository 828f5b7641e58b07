/** What can be wrong on a server that was told the truth. */
export const findingKinds = [
  'missing',
  'doubled',
  'false',
  'swapped',
  'late',
  'wrong-time',
  'wrong-value',
  'wrong-priority',
  'not-ended',
  'lost-acceptance',
  'unexpected',
] as const
export type FindingKind = (typeof findingKinds)[number]

export interface Finding {
  readonly kind: FindingKind
  readonly pumpId: string
  /** For a person. */
  readonly what: string
}

/** How far apart two clocks' readings of one moment may lie, and how late an alarm may come. ms. */
export interface Tolerance {
  readonly slackMs: number
  readonly lateMs: number
}

export const usualTolerance: Tolerance = { slackMs: 1_500, lateMs: 5_000 }
