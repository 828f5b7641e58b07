import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { Analytics, AnalyticsQuery, longestAnalyticsMs } from '#domain/live/analytics.ts'
import { Problem } from '#domain/live/api.ts'
import { instant } from '#domain/time.ts'
import { sightFor } from '../access.ts'
import type { AppDependencies } from '../dependencies.ts'
import { HttpProblem } from '../problem.ts'

export const analyticsRoutes =
  ({ analytics, clock }: Pick<AppDependencies, 'analytics' | 'clock'>): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/analytics',
      {
        config: { givesWay: true, access: 'live.view', scope: 'answer' },
        schema: {
          tags: ['people'],
          summary: 'What alarms cost and what they were worth, beside published figures.',
          querystring: AnalyticsQuery.strict(),
          response: { 200: Analytics, 400: Problem, 401: Problem, 403: Problem },
        },
      },
      async (request) => {
        const { from, to, by, simulated } = request.query
        if (to <= from) throw new HttpProblem('invalid_request', { detail: '"to" must be later than "from".' })
        if (to - from > longestAnalyticsMs)
          throw new HttpProblem('invalid_request', { detail: 'At most 92 days at once.' })
        const question = { from: instant(from), to: instant(to), by, simulated: simulated === 'true' }
        return { ...(await analytics.ask(question, sightFor(request).scope)), serverTime: clock.now() }
      },
    )
  }
