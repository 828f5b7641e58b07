import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { Problem } from '#domain/live/api.ts'
import { HubDays } from '#domain/live/hub-days.ts'
import type { Clock } from '#domain/time.ts'
import type { HubDays as KnownDays } from '#server/core/hub-days.ts'

export const hubDayRoutes =
  (days: Pick<KnownDays, 'view'>, clock: Clock): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/hubs/days',
      {
        config: { access: 'live.view' },
        schema: {
          tags: ['people'],
          summary:
            'How each hub was heard over the last day, how fast its outbox drains, and how long its records take.',
          response: { 200: HubDays, 401: Problem, 403: Problem },
        },
      },
      async () => ({ ...days.view(), serverTime: clock.now() }),
    )
  }
