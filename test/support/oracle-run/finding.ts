export type FindingKind =
  | 'alarm-lost'
  | 'alarm-doubled'
  | 'false-alarm'
  | 'not-ended'
  | 'not-open'
  | 'not-paged'
  | 'paged-the-wrong-person'
  | 'paged-when-over'
  | 'paged-when-answered'
  | 'late-rang'
  | 'silence'
  | 'not-reminded'
  | 'silence-not-noticed'
  | 'forgotten'
  | 'two-owners'
  | 'act-lost'
  | 'record-lost'
  | 'not-drained'
  | 'trouble'

export interface OracleFinding {
  readonly kind: FindingKind
  /** For a person. */
  readonly what: string
}
