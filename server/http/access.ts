import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Person } from '#domain/live/views.ts'
import type { Accounts, Identity } from '#server/core/accounts.ts'
import { refusal } from '#server/core/audit-sightings.ts'
import type { AuditSightings } from '#server/core/audit-sightings.ts'
import { fromOwnPage } from '#server/core/origins.ts'
import { may } from '#server/core/permissions.ts'
import type { Permission } from '#server/core/permissions.ts'
import { readSessionCookie } from '#server/core/session-cookie.ts'
import { HttpProblem } from './problem.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call; `public`: everybody. Routes of hubs check a signature instead. */
    access?: Permission | 'public'
  }
  interface FastifyRequest {
    identity: Identity | null
  }
}

const safeMethods: readonly string[] = ['GET', 'HEAD', 'OPTIONS']

/** Deny by default: a route under /api/v1 without `config.access` is a mistake that stops the start. */
export const useAccess = (
  app: FastifyInstance,
  accounts: Pick<Accounts, 'authenticate'>,
  origins: () => readonly string[],
  sightings: Pick<AuditSightings, 'saw'>,
): void => {
  app.decorateRequest('identity', null)

  app.addHook('onRoute', (route) => {
    const guarded = /^\/api\/v\d+(\/|$)/.test(route.url)
    if (guarded && route.config?.access === undefined)
      throw new Error(`${String(route.method)} ${route.url} does not say who may call it`)
  })

  app.addHook('onRequest', async (request) => {
    const access = request.routeOptions.config.access
    if (access === undefined) return
    if (!safeMethods.includes(request.method)) {
      const site = request.headers['sec-fetch-site']
      const fetchSite = Array.isArray(site) ? 'several' : site
      if (!fromOwnPage({ origin: request.headers.origin, fetchSite }, origins()))
        throw new HttpProblem('foreign_origin')
    }
    if (access === 'public') return
    const sessionId = readSessionCookie(request.headers.cookie)
    request.identity = sessionId === null ? null : await accounts.authenticate(sessionId)
    if (request.identity === null) throw new HttpProblem('not_signed_in')
    if (may(request.identity.role, access)) return
    await sightings.saw([refusal(request.identity.userId, 'permission.use', access)])
    throw new HttpProblem('forbidden')
  })
}

/** The person behind a guarded request. */
export const identityOf = (request: FastifyRequest): Identity => {
  if (request.identity === null) throw new HttpProblem('not_signed_in')
  return request.identity
}

export const personOf = (request: FastifyRequest): Person => {
  const { userId, name } = identityOf(request)
  return { userId, name }
}
