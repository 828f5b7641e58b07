import type { Instant } from '#domain/time.ts'

export interface CertificateDates {
  readonly validFrom: Instant
  readonly validTo: Instant
}

/** What is served, and why what the files hold now is not, if it is not. */
export interface CertificateState {
  readonly served: CertificateDates
  readonly problem: string | null
}

const dayMs = 86_400_000
/** Certificates of 90 days are renewed 30 days ahead: two weeks before the end nobody has done it. */
const warnDays = 14
/** Of a certificate that lives for days only. */
const warnPart = 1 / 4

/** From when on somebody has to look after it. */
const warnFrom = ({ validFrom, validTo }: CertificateDates): number =>
  validTo - Math.min(warnDays * dayMs, (validTo - validFrom) * warnPart)

/** What is to be said about the certificate, or null: all is well. `say` puts a time into words. */
export const certificateTrouble = (
  { served, problem }: CertificateState,
  now: Instant,
  say: (at: Instant) => string,
): string | null => {
  const why = problem === null ? '' : `; the files hold no better one: ${problem}`
  if (now < served.validFrom)
    return `the server's TLS certificate is not valid before ${say(served.validFrom)}: browsers and hubs refuse it${why}`
  if (now >= served.validTo)
    return `the server's TLS certificate ended on ${say(served.validTo)}: browsers and hubs refuse it${why}`
  if (now >= warnFrom(served))
    return `the server's TLS certificate ends on ${say(served.validTo)}: renew it, or nobody gets through${why}`
  return problem === null ? null : `a new TLS certificate cannot be used, the old one goes on: ${problem}`
}
