import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { Me, Problem } from '#domain/live/api.ts'
import {
  Enrolled,
  FactorsView,
  NewPasskeyBody,
  NewPasswordBody,
  NewTotp,
  PasskeyNameBody,
  PasskeyOptions,
  PasswordFault,
  TotpBody,
} from '#domain/people/factors.ts'
import type { Factor } from '#domain/people/factors.ts'
import { identityOf, newcomerOf } from '../access.ts'
import { cameFrom } from '../came-from.ts'
import { keepSession } from '../cookies.ts'
import type { AppDependencies } from '../dependencies.ts'
import { meOf } from '../me.ts'
import { HttpProblem } from '../problem.ts'

const own = { access: 'self', scope: 'self' } as const
/** Whoever changes how she proves who she is shows first that it is she. */
const proved = { ...own, stepUp: true } as const
const NamedPasskey = z.object({ credentialId: z.string().min(1).max(1400) })
const newcomers = { ...proved, half: true } as const

export type FactorRouteParts = Pick<
  AppDependencies,
  'signIn' | 'passkeys' | 'factors' | 'passwords' | 'site' | 'origins' | 'clock'
>

/** How one proves who one is: each person her own, the first of them before she is in. */
export const factorRoutes = ({
  signIn,
  passkeys,
  factors,
  passwords,
  site,
  origins,
  clock,
}: FactorRouteParts): FastifyPluginAsyncZod => {
  const actOf = (request: FastifyRequest) => ({ by: newcomerOf(request), at: clock.now() })
  /** A factor was added: with it come codes, and whoever was waiting for it is in. */
  const enrolled = async (request: FastifyRequest, reply: FastifyReply, factor: Factor): Promise<Enrolled> => {
    const codes = await factors.firstCodes(actOf(request))
    if (request.half !== null) {
      const signedIn = await signIn.finish(request.half.halfId, factor, cameFrom(request, origins()))
      if (signedIn === null) throw new HttpProblem('not_signed_in')
      keepSession(reply, signedIn)
    }
    return { recoveryCodes: codes === null ? null : [...codes] }
  }
  const mayLose = async (request: FastifyRequest, what: 'totp' | 'passkey'): Promise<void> => {
    const identity = identityOf(request)
    if (!signIn.isRequired(identity)) return
    const { totpSince, passkeys: keys } = await factors.view(identity.userId)
    const left = (totpSince === null ? 0 : 1) + keys.length - 1
    if (left === 0 && (what === 'totp' ? totpSince !== null : keys.length > 0)) throw new HttpProblem('last_factor')
  }

  return async (app) => {
    app.get(
      '/factors',
      {
        config: own,
        schema: { tags: ['people'], summary: 'How one proves who one is.', response: { 200: FactorsView } },
      },
      async (request) => {
        const identity = identityOf(request)
        const view = await factors.view(identity.userId)
        return { ...view, password: true, required: signIn.isRequired(identity), serverTime: clock.now() }
      },
    )

    app.post(
      '/factors/totp',
      {
        config: newcomers,
        schema: {
          tags: ['people'],
          summary: 'A secret for an authenticator app. It holds when a code of it comes back within 15 minutes.',
          response: { 200: NewTotp },
        },
      },
      async (request) => factors.beginTotp(newcomerOf(request)),
    )

    app.put(
      '/factors/totp',
      {
        config: newcomers,
        schema: {
          tags: ['people'],
          summary: 'The first code of the app. Recovery codes come with the first factor.',
          body: TotpBody,
          response: { 200: Enrolled, 422: Problem },
        },
      },
      async (request, reply) => {
        if (!(await factors.confirmTotp(request.body.code, actOf(request)))) throw new HttpProblem('wrong_proof')
        return await enrolled(request, reply, 'totp')
      },
    )

    app.delete(
      '/factors/totp',
      { config: proved, schema: { tags: ['people'], summary: 'Remove the app.', response: { 204: z.null() } } },
      async (request, reply) => {
        await mayLose(request, 'totp')
        await factors.removeTotp(actOf(request))
        return reply.code(204).send(null)
      },
    )

    app.post(
      '/factors/passkeys/options',
      {
        config: newcomers,
        schema: {
          tags: ['people'],
          summary: 'What a browser needs to make a passkey.',
          response: { 200: PasskeyOptions },
        },
      },
      async (request) => ({
        ...(await passkeys.creationOptions(newcomerOf(request), cameFrom(request, origins()).origin)),
      }),
    )

    app.post(
      '/factors/passkeys',
      {
        config: newcomers,
        schema: {
          tags: ['people'],
          summary: 'Register a passkey. Recovery codes come with the first factor.',
          body: NewPasskeyBody,
          response: { 200: Enrolled, 422: Problem },
        },
      },
      async (request, reply) => {
        const { name, answer } = request.body
        const { origin } = cameFrom(request, origins())
        if (!(await passkeys.add(name, answer, origin, actOf(request)))) throw new HttpProblem('wrong_proof')
        return await enrolled(request, reply, 'passkey')
      },
    )

    app.put(
      '/factors/passkeys/:credentialId',
      {
        config: proved,
        schema: {
          tags: ['people'],
          summary: 'Another name for a passkey.',
          params: NamedPasskey,
          body: PasskeyNameBody,
          response: { 204: z.null(), 404: Problem },
        },
      },
      async (request, reply) => {
        const { credentialId } = request.params
        if (!(await passkeys.rename(credentialId, request.body.name, actOf(request))))
          throw new HttpProblem('not_found')
        return reply.code(204).send(null)
      },
    )

    app.delete(
      '/factors/passkeys/:credentialId',
      {
        config: proved,
        schema: {
          tags: ['people'],
          summary: 'Remove a passkey.',
          params: NamedPasskey,
          response: { 204: z.null(), 404: Problem },
        },
      },
      async (request, reply) => {
        await mayLose(request, 'passkey')
        if (!(await passkeys.remove(request.params.credentialId, actOf(request)))) throw new HttpProblem('not_found')
        return reply.code(204).send(null)
      },
    )

    app.post(
      '/factors/recovery-codes',
      {
        config: proved,
        schema: {
          tags: ['people'],
          summary: 'Ten new recovery codes; the old ones are void.',
          response: { 200: Enrolled },
        },
      },
      async (request) => ({ recoveryCodes: [...(await factors.newRecoveryCodes(actOf(request)))] }),
    )

    app.put(
      '/factors/password',
      {
        config: own,
        schema: {
          tags: ['people'],
          summary: 'Another password. Ends all other sessions; this one gets a new cookie.',
          body: NewPasswordBody,
          response: { 200: Me, 401: Problem, 422: Problem },
        },
      },
      async (request, reply) => {
        const { current, next } = request.body
        const changed = await passwords.change(identityOf(request), current, next, request.ip)
        if (changed === null) throw new HttpProblem('not_signed_in')
        if (changed === 'wrong') throw new HttpProblem('wrong_proof')
        const fault = PasswordFault.safeParse(changed)
        if (fault.success) throw new HttpProblem('password_refused', { detail: fault.data })
        if (typeof changed === 'string') throw new HttpProblem('internal')
        keepSession(reply, changed)
        return meOf(changed.identity, site)
      },
    )
  }
}
