import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { Problem } from '#domain/live/api.ts'
import { HubDays } from '#domain/live/hub-days.ts'
import type { Clock } from '#domain/time.ts'
import type { HubDays as KnownDays } from '#server/core/hub-days.ts'
import type { HubLogStore } from '#server/core/hub-log.ts'
import { sightFor } from '../access.ts'

const dayMs = 86_400_000

export const hubDayRoutes =
  (days: Pick<KnownDays, 'view'>, log: Pick<HubLogStore, 'since'>, clock: Clock): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/hubs/days',
      {
        config: { givesWay: true, access: 'live.view', scope: 'answer' },
        schema: {
          tags: ['people'],
          summary:
            'How each hub was heard over the last day, how fast its outbox drains, and how long its records take.',
          response: { 200: HubDays, 401: Problem, 403: Problem },
        },
      },
      async (request) => {
        const now = clock.now()
        const { scope } = sightFor(request)
        const { hubs, ...view } = days.view((hubId) => scope.has({ kind: 'hub', hubId }))
        const acts = Map.groupBy(log.since(now - dayMs), ({ hubId }) => hubId)
        return {
          ...view,
          hubs: hubs.map((hub) => ({
            ...hub,
            acts: (acts.get(hub.hubId) ?? []).map(({ kind, at }) => ({ kind, at })),
          })),
          serverTime: now,
        }
      },
    )
  }
