import type { FastifyRequest } from 'fastify'
import type { From } from '#server/core/sign-in-desk.ts'

/** Where somebody stands who signs in. A page that is not ours was refused before; a program names none, and is taken for the first. */
export const cameFrom = (request: FastifyRequest, origins: readonly string[]): From => {
  const named = origins.find((origin) => origin === request.headers.origin)
  return {
    address: request.ip,
    userAgent: request.headers['user-agent'],
    origin: named ?? origins[0] ?? 'http://localhost',
  }
}
