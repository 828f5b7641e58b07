import type { FastifyReply } from 'fastify'
import { kioskPolicy } from '#server/core/accounts.ts'
import type { SignedIn } from '#server/core/accounts.ts'
import { halfSignInMs } from '#server/core/half-sign-ins.ts'
import { halfCookie, sessionCookie } from '#server/core/session-cookie.ts'

// No Max-Age: the browser forgets it at its end, the server after 30 idle minutes or 12 hours. A wall screen keeps it over a restart.
const attributes = 'Path=/; Secure; HttpOnly; SameSite=Lax'
const gone = `${attributes}; Max-Age=0`

/** The session has just got its id; what led to it is done with. */
export const keepSession = (reply: FastifyReply, { sessionId, identity }: SignedIn): void => {
  const life = identity.role === 'kiosk' ? `; Max-Age=${kioskPolicy.absoluteMs / 1000}` : ''
  const session = `${sessionCookie}=${sessionId}; ${attributes}${life}`
  const hadHalf = reply.request.headers.cookie?.includes(halfCookie) === true
  void reply.header('set-cookie', hadHalf ? [session, `${halfCookie}=; ${gone}`] : session)
}

export const keepHalf = (reply: FastifyReply, halfId: string): void =>
  void reply.header('set-cookie', `${halfCookie}=${halfId}; ${attributes}; Max-Age=${halfSignInMs / 1000}`)

export const dropSession = (reply: FastifyReply): void => void reply.header('set-cookie', `${sessionCookie}=; ${gone}`)
