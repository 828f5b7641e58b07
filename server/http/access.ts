import type { FastifyInstance, FastifyRequest } from 'fastify'
import { EpisodeId, HubId, PumpId } from '#domain/ids.ts'
import type { Person } from '#domain/live/views.ts'
import { TeamId } from '#domain/on-call/duty.ts'
import type { Clock } from '#domain/time.ts'
import type { Accounts, Identity } from '#server/core/accounts.ts'
import type { DeskOf } from '#server/core/alarm-desk.ts'
import { refusal } from '#server/core/audit-sightings.ts'
import type { AuditSightings } from '#server/core/audit-sightings.ts'
import { fromOwnPage, keepsSessions } from '#server/core/origins.ts'
import { may } from '#server/core/permissions.ts'
import type { Permission } from '#server/core/permissions.ts'
import type { ScopeBook } from '#server/core/scope-book.ts'
import { readHalfCookie, readSessionCookie } from '#server/core/session-cookie.ts'
import type { Sight } from '#server/core/sight.ts'
import type { SignInDesk } from '#server/core/sign-in-desk.ts'
import { isFresh } from '#server/core/step-up.ts'
import { HttpProblem } from './problem.ts'

/**
 * Where the scope of a route comes from. `pump`, `alarm`, `hub`, `team`: what its path names, which answers 404 when it is another team's.
 * `answer`: the question is limited to the sight of who asks. `self`: only what is one's own. `site`: the same for all who may ask.
 */
export type ScopeSource = 'pump' | 'alarm' | 'hub' | 'team' | 'answer' | 'self' | 'site'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call; `public`: everybody. Routes of hubs check a signature instead. */
    access?: Permission | 'public'
    scope?: ScopeSource
    /**
     * Asks for a proof of who somebody is that is not older than ten minutes; the sign-in counts. Without one the answer is 403
     * `step_up_needed`: the page asks, sends `POST /api/v1/session/proof` and repeats the request. Nothing else is to be done.
     */
    stepUp?: true
    /** Also for somebody whose password was right and who has no second factor yet: what she has to set up before she is in. */
    half?: true
  }
  interface FastifyRequest {
    caller: { readonly identity: Identity; readonly sight: Sight } | null
    /** Null but on routes with `half`, for somebody who has to set up a second factor. */
    half: { readonly halfId: string; readonly person: Person } | null
  }
  interface FastifyInstance {
    /** Every route there is, `GET /api/v1/me`. */
    routeList: readonly string[]
  }
}

export interface AccessDependencies {
  readonly accounts: Pick<Accounts, 'authenticate'>
  readonly scopes: Pick<ScopeBook, 'sight'>
  readonly deskOf: DeskOf
  readonly sightings: Pick<AuditSightings, 'saw'>
  readonly origins: () => readonly string[]
  readonly clock: Pick<Clock, 'now'>
  readonly signIn: Pick<SignInDesk, 'half'>
}

const safeMethods: readonly string[] = ['GET', 'HEAD', 'OPTIONS']

const paramOf = (request: FastifyRequest, name: string): unknown =>
  typeof request.params === 'object' && request.params !== null ? Reflect.get(request.params, name) : undefined

/** Whether what the path names is within the sight. */
const isSeen = (request: FastifyRequest, source: ScopeSource, sight: Sight, deskOf: DeskOf): boolean => {
  switch (source) {
    case 'pump': {
      const pumpId = PumpId.safeParse(paramOf(request, 'pumpId'))
      return pumpId.success && sight.scope.has({ kind: 'pump', pumpId: pumpId.data })
    }
    case 'alarm': {
      const episodeId = EpisodeId.safeParse(paramOf(request, 'episodeId'))
      return episodeId.success && deskOf(sight).has(episodeId.data)
    }
    case 'hub': {
      const hubId = HubId.safeParse(paramOf(request, 'hubId'))
      return hubId.success && sight.scope.has({ kind: 'hub', hubId: hubId.data })
    }
    case 'team': {
      const teamId = TeamId.safeParse(paramOf(request, 'teamId'))
      return teamId.success && sight.scope.isOwn(teamId.data)
    }
    case 'answer':
    case 'self':
    case 'site':
      return true
  }
}

/** Deny by default: a route under /api/v1 without `config.access` and `config.scope` is a mistake that stops the start. */
export const useAccess = (
  app: FastifyInstance,
  { accounts, scopes, deskOf, sightings, origins, clock, signIn }: AccessDependencies,
): void => {
  const routes: string[] = []
  app.decorateRequest('caller', null)
  app.decorateRequest('half', null)
  app.decorate('routeList', routes)

  app.addHook('onRoute', (route) => {
    for (const method of [route.method].flat()) routes.push(`${method} ${route.url}`)
    const guarded = /^\/api\/v\d+(\/|$)/.test(route.url)
    const { access, scope } = route.config ?? {}
    if (guarded && (access === undefined || (access !== 'public' && scope === undefined)))
      throw new Error(`${String(route.method)} ${route.url} does not say who may call it, and for what`)
  })

  app.addHook('onRequest', async (request) => {
    const { access, stepUp, half } = request.routeOptions.config
    if (access === undefined) return
    if (!safeMethods.includes(request.method)) {
      const site = request.headers['sec-fetch-site']
      const fetchSite = Array.isArray(site) ? 'several' : site
      if (!fromOwnPage({ origin: request.headers.origin, fetchSite }, origins()))
        throw new HttpProblem('foreign_origin')
      const { origin } = request.headers
      if (origin !== undefined && !keepsSessions(origin)) throw new HttpProblem('needs_https')
    }
    if (access === 'public') return
    const sessionId = readSessionCookie(request.headers.cookie)
    const identity = sessionId === null ? null : await accounts.authenticate(sessionId, quietMsOf(request))
    if (identity === null && half === true) {
      request.half = halfOf(request, signIn)
      return
    }
    if (identity === null) throw new HttpProblem('not_signed_in')
    if (!may(identity.role, access)) {
      await sightings.saw([refusal(identity.userId, 'permission.use', access)])
      throw new HttpProblem('forbidden')
    }
    if (stepUp === true && !isFresh(identity, clock.now())) throw new HttpProblem('step_up_needed')
    request.caller = { identity, sight: scopes.sight(identity, access) }
  })

  // After the validator: what the path names is well formed.
  app.addHook('preHandler', async (request) => {
    const { access, scope } = request.routeOptions.config
    const { caller } = request
    if (caller === null || access === undefined || access === 'public') return
    if (scope !== undefined && isSeen(request, scope, caller.sight, deskOf)) return
    await sightings.saw([refusal(caller.identity.userId, 'permission.use', access)])
    throw new HttpProblem('not_found')
  })
}

const halfOf = (request: FastifyRequest, signIn: Pick<SignInDesk, 'half'>): NonNullable<FastifyRequest['half']> => {
  const halfId = readHalfCookie(request.headers.cookie)
  const half = halfId === null ? null : signIn.half(halfId)
  if (halfId === null || half?.needs !== 'enrol') throw new HttpProblem('not_signed_in')
  return { halfId, person: { userId: half.userId, name: half.name } }
}

/** Since somebody touched the page that asks; a client without this header is used by somebody now. */
const quietMsOf = (request: FastifyRequest): number => {
  const said = request.headers['x-quiet-ms']
  return typeof said === 'string' && /^\d{1,12}$/.test(said) ? Number(said) : 0
}

const callerOf = (request: FastifyRequest): NonNullable<FastifyRequest['caller']> => {
  if (request.caller === null) throw new HttpProblem('not_signed_in')
  return request.caller
}

/** The person behind a guarded request. */
export const identityOf = (request: FastifyRequest): Identity => callerOf(request).identity

/** What that person sees under the permission of the route. */
export const sightFor = (request: FastifyRequest): Sight => callerOf(request).sight

/** Whoever is signed in, or is to set up a second factor before she is. */
export const newcomerOf = (request: FastifyRequest): Person => request.half?.person ?? personOf(request)

export const personOf = (request: FastifyRequest): Person => {
  const { userId, name } = identityOf(request)
  return { userId, name }
}
