import type { z } from 'zod'
import type { AlarmConflict, Problem } from '#domain/live/api.ts'

/** Closed list: what a program may branch on. */
export const problems = {
  invalid_request: [400, 'The request is not well formed.'],
  not_signed_in: [401, 'Sign in first.'],
  sign_in_failed: [401, 'Name or password is wrong.'],
  forbidden: [403, 'Your role does not allow this.'],
  step_up_needed: [403, 'Prove again who you are, then repeat this.'],
  needs_https: [426, 'Open this page over https: browsers keep no sign-in of a page that anybody on the way can read.'],
  foreign_origin: [403, 'The request comes from a foreign page.'],
  not_found: [404, 'There is nothing here.'],
  conflict: [409, 'Somebody was faster.'],
  name_taken: [409, 'Somebody has this name already.'],
  own_account: [409, 'Another administrator has to do this.'],
  last_admin: [409, 'There has to be another administrator who can sign in.'],
  not_for_kiosks: [409, 'A wall screen is managed by commands on the server’s machine.'],
  invitation_over: [410, 'This link is over, was used or was withdrawn.'],
  not_linked: [409, 'Single sign-on does not know this account.'],
  not_a_demonstration: [409, 'Not while pumps or hubs that are not simulated are known here.'],
  too_large: [413, 'The request is too large.'],
  unsupported_media_type: [415, 'The body must be application/json.'],
  not_possible: [422, 'This cannot be done with the alarm as it is.'],
  last_factor: [409, 'Without it nothing but a password would be left. Add another one first.'],
  password_refused: [422, 'This password is not taken.'],
  wrong_proof: [422, 'That does not prove who you are.'],
  too_many_requests: [429, 'Too many requests.'],
  internal: [500, 'The server made a mistake.'],
  provider_unavailable: [503, 'Single sign-on does not answer. Who has a password can sign in with it.'],
  unavailable: [503, 'Not available at the moment. Try again.'],
} as const satisfies Record<string, readonly [status: number, title: string]>

export type ProblemCode = keyof typeof problems

export const problemType = 'application/problem+json'

/** `alarm`: what a conflict shows, so that the loser knows who and when. */
export type ProblemExtra = Partial<
  Pick<z.infer<typeof Problem>, 'detail' | 'errors'> & Pick<z.infer<typeof AlarmConflict>, 'alarm'>
>

/** The body of a refusal (RFC 9457). Texts are fixed; `instance` finds the log line. */
export const problemBody = (
  code: ProblemCode,
  requestId: string,
  serverTime: number,
  extra: ProblemExtra = {},
): Problem & ProblemExtra => ({
  type: `urn:infusion-watch:problem:${code}`,
  title: problems[code][1],
  status: problems[code][0],
  code,
  instance: `urn:infusion-watch:request:${requestId}`,
  serverTime,
  ...extra,
})

/** Thrown by a route to answer with a problem. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem'
  readonly code: ProblemCode
  readonly extra: ProblemExtra

  constructor(code: ProblemCode, extra: ProblemExtra = {}) {
    super(problems[code][1])
    this.code = code
    this.extra = extra
  }
}
