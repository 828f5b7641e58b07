import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { Problem } from '#domain/live/api.ts'
import { ProofWays, SignInWays, SsoBegin, SsoBegun } from '#domain/people/single-sign-on.ts'
import type { Clock } from '#domain/time.ts'
import { readCookie, sessionCookie, ssoCookie } from '#server/core/session-cookie.ts'
import type { SingleSignOn } from '#server/core/single-sign-on.ts'
import { isFresh } from '#server/core/step-up.ts'
import { identityOf } from '../access.ts'
import { HttpProblem } from '../problem.ts'

const attributes = 'Path=/; Secure; HttpOnly; SameSite=Lax'
const flowSeconds = 600

export interface SingleSignOnRoutes {
  /** Null: there is no provider. */
  readonly sso: SingleSignOn | null
  readonly label: string
  /** The first public address. */
  readonly origin: () => string
  readonly clock: Pick<Clock, 'now'>
}

const callbackPath = '/api/v1/sso/callback'

const own = { access: 'self', scope: 'self' } as const

/** `proven.html`, `unproven.html`: pages without a program, in a window of their own beside the one that waits. */
const toPage = (reply: FastifyReply, place: string, ...cookies: readonly string[]): FastifyReply =>
  reply.header('set-cookie', [`${ssoCookie}=; ${attributes}; Max-Age=0`, ...cookies]).redirect(`/${place}`, 303)

const keepFlow = (reply: FastifyReply, flowId: string): void =>
  void reply.header('set-cookie', `${ssoCookie}=${flowId}; ${attributes}; Max-Age=${flowSeconds}`)

/** Signing in by a provider. It changes nothing on GET but for whoever comes back with the cookie and the state of her own question. */
export const singleSignOnRoutes = ({ sso, label, origin, clock }: SingleSignOnRoutes): FastifyPluginAsyncZod => {
  // Checked against the public addresses by then.
  const redirectUri = (request: FastifyRequest): string => `${request.headers.origin ?? origin()}${callbackPath}`
  return async (app) => {
    app.get(
      '/sign-in-ways',
      {
        config: { access: 'public' },
        schema: { tags: ['people'], summary: 'How one signs in here.', response: { 200: SignInWays } },
      },
      async () => ({ sso: sso === null ? null : { label } }),
    )

    app.get(
      '/session/proof',
      {
        config: own,
        schema: {
          tags: ['people'],
          summary: 'How one can prove again who one is, and whether that was done a short time ago.',
          response: { 200: ProofWays },
        },
      },
      async (request) => {
        const identity = identityOf(request)
        const canProve = sso !== null && (await sso.canProve(identity.userId))
        return {
          password: sso === null || (await sso.hasPassword(identity.userId)),
          sso: canProve ? label : null,
          fresh: isFresh(identity, clock.now()),
        }
      },
    )

    app.post(
      '/session/proof/sso',
      {
        config: own,
        schema: {
          tags: ['people'],
          summary:
            'Begins a proof at the provider, which asks anew: where the browser goes. The session gets a new cookie.',
          response: { 200: SsoBegun, 409: Problem, 503: Problem },
        },
      },
      async (request, reply) => {
        const begun = sso === null ? 'not-linked' : await sso.beginProof(redirectUri(request), identityOf(request))
        if (begun === 'not-linked') throw new HttpProblem('not_linked')
        if (begun === 'unavailable') throw new HttpProblem('provider_unavailable')
        keepFlow(reply, begun.flowId)
        return { url: begun.url }
      },
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
        const begun = await sso.begin(redirectUri(request), request.body.invitation)
        if (begun === 'unavailable') throw new HttpProblem('provider_unavailable')
        keepFlow(reply, begun.flowId)
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
        const finished = await sso.finish(flowId, query, client)
        const isProof = finished.to === 'proof'
        if ('refused' in finished) {
          request.log.info({ reason: finished.refused }, 'single sign-on was refused')
          return toPage(reply, isProof ? 'unproven.html' : `#/sso/${finished.refused}`)
        }
        request.log.info({ userId: finished.identity.userId }, 'signed in by the identity provider')
        const cookie = `${sessionCookie}=${finished.sessionId}; ${attributes}`
        return toPage(reply, isProof ? 'proven.html' : '#/sso/done', cookie)
      },
    )
  }
}
