/** A shift is not longer; then the sound is to be heard again. */
const checkHoldsMs = 12 * 3_600_000
/** Before the first proof has come: as long as the server waits. */
const firstWithinMs = 150_000

export interface PathFacts {
  /** Server time of the last proof of this page; null: none yet. */
  readonly provenAt: number | null
  readonly overdueAfterMs: number | null
  /** How long this page has been waiting for proofs, ms. */
  readonly waitingMs: number
  readonly check: { readonly at: number; readonly heard: boolean } | null
  /** Nurses and leads; nobody pages an engineer. */
  readonly checks: boolean
  /** Server time; null before the first heartbeat. */
  readonly now: number | null
}

/** The worst first: what stands in the status bar. */
export type PathLook =
  | { readonly is: 'unproven'; readonly ageMs: number | null }
  /** She said that she hears nothing. */
  | { readonly is: 'not-heard' }
  | { readonly is: 'check-due'; readonly ageMs: number | null }
  | { readonly is: 'waiting' }
  | { readonly is: 'proven'; readonly ageMs: number }

/** Whether this page is known to sound when an alarm comes. */
export const pathLook = ({ provenAt, overdueAfterMs, waitingMs, check, checks, now }: PathFacts): PathLook => {
  const ageMs = provenAt === null || now === null ? null : Math.max(0, now - provenAt)
  const limitMs = overdueAfterMs ?? firstWithinMs
  if (ageMs === null ? waitingMs >= limitMs : ageMs >= limitMs) return { is: 'unproven', ageMs }
  if (checks && check?.heard === false) return { is: 'not-heard' }
  if (checks && now !== null && (check === null || now - check.at >= checkHoldsMs)) return { is: 'check-due', ageMs }
  return ageMs === null ? { is: 'waiting' } : { is: 'proven', ageMs }
}

export const isPathLoud = ({ is }: PathLook): boolean => is === 'unproven' || is === 'not-heard'
