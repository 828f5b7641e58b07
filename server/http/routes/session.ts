import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { Me, Problem, SignIn } from '#domain/live/api.ts'
import { PasskeyAnswer, PasskeyOptions, ProofBody, SecondBody } from '#domain/people/factors.ts'
import { HalfSignedIn } from '#domain/people/half-signed-in.ts'
import type { SignedIn } from '#server/core/accounts.ts'
import { readHalfCookie } from '#server/core/session-cookie.ts'
import type { Proven } from '#server/core/sign-in-desk.ts'
import { identityOf } from '../access.ts'
import { dropSession, keepHalf, keepSession } from '../cookies.ts'
import type { AppDependencies } from '../dependencies.ts'
import { cameFrom } from '../came-from.ts'
import { meOf } from '../me.ts'
import { HttpProblem } from '../problem.ts'

const open = { config: { access: 'public' } } as const
const own = { config: { access: 'self', scope: 'self' } } as const

const proven = (reply: FastifyReply, outcome: Proven): SignedIn => {
  if (outcome === null) throw new HttpProblem('wrong_proof')
  if (!('waitMs' in outcome)) return outcome
  void reply.header('retry-after', Math.ceil(outcome.waitMs / 1000))
  throw new HttpProblem('too_many_requests')
}

export const sessionRoutes = ({
  accounts,
  signIn,
  passkeys,
  site,
  origins,
}: Pick<AppDependencies, 'accounts' | 'signIn' | 'passkeys' | 'site' | 'origins'>): FastifyPluginAsyncZod => {
  const enter = (request: FastifyRequest, reply: FastifyReply, signedIn: SignedIn): Me => {
    request.log.info({ userId: signedIn.identity.userId, factors: signedIn.identity.factors }, 'signed in')
    keepSession(reply, signedIn)
    return meOf(signedIn.identity, site)
  }
  return async (app) => {
    app.post(
      '/session',
      {
        ...open,
        schema: {
          tags: ['people'],
          summary: 'Sign in. Sets the session cookie, or answers what is missing beside the password.',
          body: SignIn.strict(),
          response: { 200: z.union([Me, HalfSignedIn]), 401: Problem },
        },
      },
      async (request, reply) => {
        const { name, password } = request.body
        const begun = await signIn.begin(name, password, cameFrom(request, origins()))
        if (begun === null) throw new HttpProblem('sign_in_failed')
        if (!('halfId' in begun)) return enter(request, reply, begun)
        const { halfId, ...half } = begun
        keepHalf(reply, halfId)
        return half
      },
    )

    app.post(
      '/session/second',
      {
        ...open,
        schema: {
          tags: ['people'],
          summary: 'Show the second factor after the password. Sets the session cookie.',
          body: SecondBody,
          response: { 200: Me, 401: Problem, 422: Problem, 429: Problem },
        },
      },
      async (request, reply) => {
        const halfId = readHalfCookie(request.headers.cookie)
        if (halfId === null || signIn.half(halfId) === null) throw new HttpProblem('not_signed_in')
        const outcome = await signIn.second(halfId, request.body, cameFrom(request, origins()))
        return enter(request, reply, proven(reply, outcome))
      },
    )

    app.post(
      '/session/passkey/options',
      {
        ...open,
        schema: {
          tags: ['people'],
          summary: 'What a browser needs to ask for a passkey. Good once, for 5 minutes.',
          response: { 200: PasskeyOptions },
        },
      },
      async (request) => ({ ...(await passkeys.requestOptions(cameFrom(request, origins()).origin)) }),
    )

    app.post(
      '/session/passkey',
      {
        ...open,
        schema: {
          tags: ['people'],
          summary: 'Sign in with a passkey: no name, no password. Sets the session cookie.',
          body: PasskeyAnswer,
          response: { 200: Me, 422: Problem },
        },
      },
      async (request, reply) => {
        const outcome = await signIn.byPasskey(request.body, cameFrom(request, origins()))
        return enter(request, reply, proven(reply, outcome))
      },
    )

    app.post(
      '/session/proof',
      {
        ...own,
        schema: {
          tags: ['people'],
          summary: 'Prove again who you are, after 403 `step_up_needed`. The session gets a new cookie.',
          body: ProofBody,
          response: { 200: Me, 401: Problem, 422: Problem, 429: Problem },
        },
      },
      async (request, reply) => {
        const outcome = await signIn.proveAgain(identityOf(request), request.body, cameFrom(request, origins()))
        const renewed = proven(reply, outcome)
        keepSession(reply, renewed)
        return meOf(renewed.identity, site)
      },
    )

    app.delete(
      '/session',
      { ...own, schema: { tags: ['people'], summary: 'Sign out, sockets included.', response: { 204: z.null() } } },
      async (request, reply) => {
        const identity = identityOf(request)
        await accounts.signOut(identity.sessionHash)
        request.log.info({ userId: identity.userId }, 'signed out')
        dropSession(reply)
        return reply.code(204).send(null)
      },
    )

    app.get(
      '/me',
      { ...own, schema: { tags: ['people'], summary: 'Who is signed in here.', response: { 200: Me, 401: Problem } } },
      async (request) => meOf(identityOf(request), site),
    )
  }
}
