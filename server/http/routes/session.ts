import type { FastifyReply } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { Me, Problem, SignIn } from '#domain/live/api.ts'
import { ProofBody } from '#domain/people/factors.ts'
import { kioskPolicy } from '#server/core/accounts.ts'
import type { Identity, SignedIn } from '#server/core/accounts.ts'
import { offeredTo } from '#server/core/permissions.ts'
import { sessionCookie } from '#server/core/session-cookie.ts'
import { identityOf } from '../access.ts'
import type { AppDependencies, SiteFacts } from '../dependencies.ts'
import { HttpProblem } from '../problem.ts'

// No Max-Age: the browser forgets it at its end, the server after 30 idle minutes or 12 hours. A wall screen keeps it over a restart.
const attributes = 'Path=/; Secure; HttpOnly; SameSite=Lax'

const meOf = (identity: Identity, site: SiteFacts): z.infer<typeof Me> => ({
  userId: identity.userId,
  name: identity.name,
  role: identity.role,
  may: offeredTo(identity.role),
  sessionEndsAt: identity.endsAt,
  site: site.name,
  facilityTimeZone: site.facilityTimeZone,
  phones: site.phones,
  demo: site.demo,
})

/** The cookie of a session that has just got its id. */
const keepIn = (reply: FastifyReply, { sessionId, identity }: SignedIn): void => {
  const life = identity.role === 'kiosk' ? `; Max-Age=${kioskPolicy.absoluteMs / 1000}` : ''
  void reply.header('set-cookie', `${sessionCookie}=${sessionId}; ${attributes}${life}`)
}

export const sessionRoutes =
  ({ accounts, site }: Pick<AppDependencies, 'accounts' | 'site'>): FastifyPluginAsyncZod =>
  async (app) => {
    app.post(
      '/session',
      {
        config: { access: 'public' },
        schema: {
          tags: ['people'],
          summary: 'Sign in. Sets the session cookie.',
          body: SignIn.strict(),
          response: { 200: Me, 401: Problem },
        },
      },
      async (request, reply) => {
        const { name, password } = request.body
        const signedIn = await accounts.signIn(name, password, request.ip, request.headers['user-agent'])
        if (signedIn === null) throw new HttpProblem('sign_in_failed')
        request.log.info({ userId: signedIn.identity.userId }, 'signed in')
        keepIn(reply, signedIn)
        return meOf(signedIn.identity, site)
      },
    )

    app.post(
      '/session/proof',
      {
        config: { access: 'self', scope: 'self' },
        schema: {
          tags: ['people'],
          summary: 'Prove again who you are, after 403 `step_up_needed`. The session gets a new cookie.',
          body: ProofBody,
          response: { 200: Me, 401: Problem, 422: Problem },
        },
      },
      async (request, reply) => {
        const { name, sessionHash } = identityOf(request)
        const user = await accounts.checkPassword(name, request.body.password, request.ip)
        if (user === null) throw new HttpProblem('wrong_proof')
        const renewed = await accounts.renew(sessionHash, request.body.way)
        if (renewed === null) throw new HttpProblem('not_signed_in')
        keepIn(reply, renewed)
        return meOf(renewed.identity, site)
      },
    )

    app.delete(
      '/session',
      {
        config: { access: 'self', scope: 'self' },
        schema: { tags: ['people'], summary: 'Sign out, sockets included.', response: { 204: z.null() } },
      },
      async (request, reply) => {
        const identity = identityOf(request)
        await accounts.signOut(identity.sessionHash)
        request.log.info({ userId: identity.userId }, 'signed out')
        void reply.header('set-cookie', `${sessionCookie}=; ${attributes}; Max-Age=0`)
        return reply.code(204).send(null)
      },
    )

    app.get(
      '/me',
      {
        config: { access: 'self', scope: 'self' },
        schema: { tags: ['people'], summary: 'Who is signed in here.', response: { 200: Me, 401: Problem } },
      },
      async (request) => meOf(identityOf(request), site),
    )
  }
