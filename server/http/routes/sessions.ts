import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { Problem } from '#domain/live/api.ts'
import { SessionList } from '#domain/live/sessions.ts'
import type { Clock } from '#domain/time.ts'
import type { SessionDesk } from '#server/core/session-desk.ts'
import { identityOf, personOf } from '../access.ts'
import { HttpProblem } from '../problem.ts'

const own = { config: { access: 'self', scope: 'self' } } as const
const Named = z.strictObject({ sessionId: z.string().min(1).max(64) })

/** Where one is signed in: each person sees and ends her own. */
export const sessionListRoutes =
  (desk: SessionDesk, clock: Clock): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/sessions',
      {
        ...own,
        schema: { tags: ['people'], summary: 'Where one is signed in.', response: { 200: SessionList, 401: Problem } },
      },
      async (request) => {
        const { userId, sessionHash } = identityOf(request)
        return { sessions: [...(await desk.list(userId, sessionHash))], serverTime: clock.now() }
      },
    )

    app.delete(
      '/sessions',
      {
        ...own,
        schema: { tags: ['people'], summary: 'Ends all but this one, sockets included.', response: { 204: z.null() } },
      },
      async (request, reply) => {
        const { userId, sessionHash } = identityOf(request)
        await desk.endAll(personOf(request), userId, sessionHash)
        return reply.code(204).send(null)
      },
    )

    app.delete(
      '/sessions/:sessionId',
      {
        ...own,
        schema: {
          tags: ['people'],
          summary: 'Ends one of one’s own, sockets included.',
          params: Named,
          response: { 204: z.null(), 404: Problem },
        },
      },
      async (request, reply) => {
        if (!(await desk.end(personOf(request), identityOf(request).userId, request.params.sessionId)))
          throw new HttpProblem('not_found')
        return reply.code(204).send(null)
      },
    )
  }
