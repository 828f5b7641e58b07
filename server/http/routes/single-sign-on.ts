import type { FastifyReply } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { Problem } from '#domain/live/api.ts'
import { SignInWays, SsoBegin, SsoBegun } from '#domain/people/single-sign-on.ts'
import { readCookie, sessionCookie, ssoCookie } from '#server/core/session-cookie.ts'
import type { SingleSignOn } from '#server/core/single-sign-on.ts'
import { HttpProblem } from '../problem.ts'

const attributes = 'Path=/; Secure; HttpOnly; SameSite=Lax'
const flowSeconds = 600

export interface SingleSignOnRoutes {
  /** Null: there is no provider. */
  readonly sso: SingleSignOn | null
  readonly label: string
  /** The first public address. */
  readonly origin: () => string
}

const callbackPath = '/api/v1/sso/callback'

const toPage = (reply: FastifyReply, place: string, ...cookies: readonly string[]): FastifyReply =>
  reply.header('set-cookie', [`${ssoCookie}=; ${attributes}; Max-Age=0`, ...cookies]).redirect(`/#/${place}`, 303)

/** Signing in by a provider. It changes nothing on GET but for whoever comes back with the cookie and the state of her own question. */
export const singleSignOnRoutes =
  ({ sso, label, origin }: SingleSignOnRoutes): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/sign-in-ways',
      {
        config: { access: 'public' },
        schema: { tags: ['people'], summary: 'How one signs in here.', response: { 200: SignInWays } },
      },
      async () => ({ sso: sso === null ? null : { label } }),
    )

    if (sso === null) return

    app.post(
      '/sso',
      {
        config: { access: 'public' },
        schema: {
          tags: ['people'],
          summary: 'Begins a sign-in at the provider: where the browser goes.',
          body: SsoBegin,
          response: { 200: SsoBegun, 503: Problem },
        },
      },
      async (request, reply) => {
        // Checked against the public addresses by then.
        const redirectUri = `${request.headers.origin ?? origin()}${callbackPath}`
        const begun = await sso.begin(redirectUri, request.body.invitation)
        if (begun === 'unavailable') throw new HttpProblem('provider_unavailable')
        void reply.header('set-cookie', `${ssoCookie}=${begun.flowId}; ${attributes}; Max-Age=${flowSeconds}`)
        return { url: begun.url }
      },
    )

    app.get(
      '/sso/callback',
      {
        config: { access: 'public' },
        schema: {
          tags: ['people'],
          summary:
            'Where the provider sends the browser back to; leads to the page, signed in or with the reason why not.',
          querystring: z.record(z.string(), z.unknown()),
          response: { 303: z.null() },
        },
      },
      async (request, reply) => {
        const flowId = readCookie(ssoCookie, request.headers.cookie)
        const query = request.raw.url?.split('?')[1] ?? ''
        const client = { address: request.ip, userAgent: request.headers['user-agent'] }
        const signedIn = await sso.finish(flowId, query, client)
        if (typeof signedIn === 'string') {
          request.log.info({ reason: signedIn }, 'single sign-on was refused')
          return toPage(reply, `sso/${signedIn}`)
        }
        request.log.info({ userId: signedIn.identity.userId }, 'signed in by the identity provider')
        return toPage(reply, 'sso/done', `${sessionCookie}=${signedIn.sessionId}; ${attributes}`)
      },
    )
  }
