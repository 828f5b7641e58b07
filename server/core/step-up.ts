import type { Instant } from '#domain/time.ts'
import type { Identity } from './accounts.ts'

/** A proof of who somebody is, the sign-in included, is fresh for this long. ms. */
export const freshProofMs = 10 * 60_000

/** Whether this person may do what asks for a fresh proof: a route with `stepUp` in its configuration (server/http/access.ts). */
export const isFresh = ({ provenAt }: Pick<Identity, 'provenAt'>, now: Instant): boolean =>
  now >= provenAt && now - provenAt < freshProofMs
