import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { Problem } from '#domain/live/api.ts'
import { Replay, ReplayQuery } from '#domain/live/replay.ts'
import { instant } from '#domain/time.ts'
import { sightFor } from '../access.ts'
import type { AppDependencies } from '../dependencies.ts'
import { HttpProblem } from '../problem.ts'

export const replayRoutes =
  ({ timeMachine, clock }: Pick<AppDependencies, 'timeMachine' | 'clock'>): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/replay',
      {
        config: { givesWay: true, access: 'live.view', scope: 'answer' },
        schema: {
          tags: ['people'],
          summary: 'The wall as it stood at a time: alarms, and what was known of pumps and hubs.',
          querystring: ReplayQuery.strict(),
          response: { 200: Replay, 400: Problem, 401: Problem, 403: Problem },
        },
      },
      async (request) => {
        const serverTime = clock.now()
        const { at } = request.query
        if (at > serverTime) throw new HttpProblem('invalid_request', { detail: '"at" must not be in the future.' })
        return { ...(await timeMachine.at(instant(at), sightFor(request))), serverTime }
      },
    )
  }
