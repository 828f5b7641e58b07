import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { Problem } from '#domain/live/api.ts'
import type { UserId } from '#domain/ids.ts'
import { ReadinessBody, ReadinessState } from '#domain/on-call/readiness.ts'
import type { OnCallBook } from '#server/core/on-call-book.ts'
import type { ReadinessBook } from '#server/core/readiness-book.ts'
import type { Clock } from '#domain/time.ts'
import { identityOf } from '../access.ts'

const own = { config: { access: 'page.receive', scope: 'self' } } as const

const plannedWithinMs = 24 * 3_600_000

export interface ReadinessRouteParts {
  readonly readiness: Pick<ReadinessBook, 'last' | 'put'>
  readonly onCall: Pick<OnCallBook, 'dutiesAhead' | 'team'>
  readonly clock: Clock
}

const stateOf = ({ readiness, onCall, clock }: ReadinessRouteParts, userId: UserId): ReadinessState => ({
  readiness: readiness.last(userId),
  planned: onCall
    .dutiesAhead(userId, plannedWithinMs)
    .map(({ teamId, place, from, to }) => ({ team: onCall.team(teamId)?.name ?? teamId, place, from, to })),
  serverTime: clock.now(),
})

/** What one signed in for, and what does not work there. */
export const readinessRoutes =
  (parts: ReadinessRouteParts): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/readiness',
      {
        ...own,
        schema: {
          tags: ['people'],
          summary: 'What you said at your last sign-in, and your duties by the rota within 24 h.',
          response: { 200: ReadinessState, 401: Problem },
        },
      },
      (request) => stateOf(parts, identityOf(request).userId),
    )

    app.put(
      '/readiness',
      {
        ...own,
        schema: {
          tags: ['people'],
          summary: 'Say what you are on duty as, and why something does not work; leads see it.',
          body: ReadinessBody.strict(),
          response: { 200: ReadinessState, 401: Problem },
        },
      },
      async (request) => {
        const { userId } = identityOf(request)
        await parts.readiness.put(userId, request.body)
        return stateOf(parts, userId)
      },
    )
  }
