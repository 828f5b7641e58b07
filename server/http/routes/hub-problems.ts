import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Problem } from '#domain/live/api.ts'
import type { HubRefusal } from '#domain/uplink/verdicts.ts'
import type { EnrolRefusal } from '#server/core/enrolment.ts'
import { isServerError } from '#server/core/errors.ts'
import type { GateRefusal } from '#server/core/pressure/hub-gate.ts'
import type { RotateRefusal } from '#server/core/key-rotation.ts'

/** Everything a hub can be told instead of an answer. Texts are fixed: nothing internal leaves the server. */
export type HubProblemCode =
  | HubRefusal
  | EnrolRefusal
  | RotateRefusal
  | GateRefusal
  | 'too_large'
  | 'unsupported_media_type'
  | 'bad_request'
  | 'tls_too_old'
  | 'unavailable'
  | 'busy'
  | 'internal'

const problems: Record<HubProblemCode, { readonly status: number; readonly title: string }> = {
  unknown_key: { status: 401, title: 'The key is not known here' },
  revoked: { status: 403, title: 'The hub or its key is revoked' },
  bad_signature: { status: 401, title: 'The signature or one of its headers is not right' },
  bad_digest: { status: 401, title: 'The content digest does not match the body' },
  replayed: { status: 401, title: 'The request number has been used before' },
  clock_skew: { status: 401, title: 'The request was signed more than 300 s from the server time' },
  claim_refused: { status: 403, title: 'The claim, its code or its nonce is not right, used or expired' },
  key_replaced: { status: 409, title: 'The key that signed was replaced by another one already' },
  bad_key: { status: 400, title: 'The public key is not 32 raw Ed25519 bytes in base64' },
  too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'Only application/json without content encoding is accepted' },
  bad_request: { status: 400, title: 'The body is not a valid message' },
  tls_too_old: { status: 426, title: 'Hubs speak TLS 1.3' },
  unavailable: { status: 503, title: 'Nothing can be stored at the moment' },
  busy: { status: 503, title: 'Earlier batches of this hub are still being stored' },
  overloaded: { status: 503, title: 'The server has too much to do; alarms are taken' },
  too_many_requests: { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'The server failed on this request' },
}

/** Seconds. Spread, so that hubs that were turned away together do not come back together. */
const retryAfter = { unavailable: [1, 5], busy: [1, 2], overloaded: [2, 6], too_many_requests: [2, 6] } as const

const isForLater = (code: HubProblemCode): code is keyof typeof retryAfter => Object.hasOwn(retryAfter, code)

export interface ProblemFacts {
  readonly serverTime: number
  /** What was wrong with the message: a path in it, never a value. */
  readonly detail?: string
}

export const sendProblem = (
  request: FastifyRequest,
  reply: FastifyReply,
  code: HubProblemCode,
  { serverTime, detail }: ProblemFacts,
): FastifyReply => {
  const { status, title } = problems[code]
  const problem: Problem = {
    type: `urn:infusion-watch:problem:${code}`,
    title,
    status,
    code,
    instance: request.id,
    serverTime,
    ...(detail === undefined ? {} : { detail }),
  }
  if (isForLater(code)) {
    const [least, most] = retryAfter[code]
    reply.header('retry-after', String(least + Math.floor(Math.random() * (most - least + 1))))
  }
  if (code === 'tls_too_old') reply.header('upgrade', 'TLS/1.3')
  // As text: the answer's schema has nothing to add to what was made here, and refusing should cost little.
  return reply.code(status).type('application/problem+json').send(JSON.stringify(problem))
}

/** What an error thrown on the way means to the hub. */
export const problemOf = (error: unknown): HubProblemCode => {
  if (isServerError(error, 'SRV_BUSY')) return 'busy'
  if (isServerError(error) && error.retryable) return 'unavailable'
  const code = error instanceof Error && 'code' in error ? error.code : null
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return 'too_large'
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return 'unsupported_media_type'
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : null
  return typeof status === 'number' && status >= 400 && status < 500 ? 'bad_request' : 'internal'
}
