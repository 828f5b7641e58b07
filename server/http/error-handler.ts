import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import type { Clock } from '#domain/time.ts'
import { isServerError } from '#server/core/errors.ts'
import { HttpProblem, problemBody, problemType, problems } from './problem.ts'
import type { ProblemCode, ProblemExtra } from './problem.ts'

/** Every error leaves as problem+json with a fixed text; nothing internal gets out. */
export const useProblems = (app: FastifyInstance, clock: Clock): void => {
  app.setErrorHandler((error, request, reply) => {
    const code = codeOf(error)
    const status = problems[code][0]
    if (status >= 500) request.log.error({ err: error, code }, 'request failed')
    else request.log.info({ code, reason: error instanceof Error ? error.name : 'unknown' }, 'request refused')
    if (status === 426) void reply.header('upgrade', 'TLS/1.2')
    if (status === 503) void reply.header('retry-after', '2')
    return sendProblem(reply, request, code, clock, extraOf(error))
  })
}

export const sendProblem = (
  reply: FastifyReply,
  request: FastifyRequest,
  code: ProblemCode,
  clock: Clock,
  extra: ProblemExtra = {},
): FastifyReply => {
  // Straight to the wire: a route's response schema does not have to list every refusal.
  void reply.code(problems[code][0]).header('content-type', problemType).header('cache-control', 'no-store')
  return reply.serializer(JSON.stringify).send(problemBody(code, request.id, clock.now(), extra))
}

const codeOf = (error: unknown): ProblemCode => {
  if (error instanceof HttpProblem) return error.code
  if (hasZodFastifySchemaValidationErrors(error)) return 'invalid_request'
  if (isServerError(error)) return error.retryable ? 'unavailable' : 'internal'
  const status = statusOf(error)
  if (status === 413) return 'too_large'
  if (status === 415) return 'unsupported_media_type'
  if (status === 429) return 'too_many_requests'
  if (status === 404) return 'not_found'
  return status >= 400 && status < 500 ? 'invalid_request' : 'internal'
}

const statusOf = (error: unknown): number => {
  const status = isFastifyError(error) ? error.statusCode : undefined
  return status ?? 500
}

const isFastifyError = (error: unknown): error is FastifyError =>
  error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number'

const extraOf = (error: unknown): ProblemExtra => {
  if (error instanceof HttpProblem) return error.extra
  if (!hasZodFastifySchemaValidationErrors(error)) return {}
  // The first one only: a long list would cost more than it tells.
  const [first] = error.validation
  return first === undefined
    ? {}
    : { errors: [{ path: first.instancePath.slice(0, 200), message: (first.message ?? 'invalid').slice(0, 200) }] }
}
