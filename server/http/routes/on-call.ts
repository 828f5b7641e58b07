import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { Problem } from '#domain/live/api.ts'
import { OnCallNow } from '#domain/on-call/api.ts'
import { onCallNow } from '#server/core/on-call-now.ts'
import { identityOf } from '../access.ts'
import type { AppDependencies } from '../dependencies.ts'

type Needs = Pick<AppDependencies, 'onCall' | 'reachability' | 'clock'>

export const onCallRoutes =
  ({ onCall, reachability, clock }: Needs): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/on-call',
      {
        config: { access: 'on-call.view', scope: 'answer' },
        schema: {
          tags: ['people'],
          summary: 'Who is on call now in your teams, the next change, gaps, and who can be reached.',
          response: { 200: OnCallNow, 401: Problem },
        },
      },
      async (request) => ({
        ...onCallNow(onCall, reachability, identityOf(request), clock.now()),
        serverTime: clock.now(),
      }),
    )
  }
