import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { PumpId } from '#domain/ids.ts'
import { History, HistoryQuery, HubList, Problem, PumpList } from '#domain/live/api.ts'
import { instant } from '#domain/time.ts'
import { pumpFor } from '#server/core/live-views.ts'
import { may } from '#server/core/permissions.ts'
import { identityOf } from '../access.ts'
import type { AppDependencies } from '../dependencies.ts'
import { HttpProblem } from '../problem.ts'

type Needs = Pick<AppDependencies, 'picture' | 'telemetry' | 'desk' | 'clock'>

export const pumpRoutes =
  ({ picture, telemetry, desk, clock }: Needs): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/hubs',
      { config: { access: 'live.view' }, schema: { tags: ['people'], response: { 200: HubList, 401: Problem } } },
      async () => ({ hubs: [...picture.hubs()], serverTime: clock.now() }),
    )

    app.get(
      '/pumps',
      { config: { access: 'live.view' }, schema: { tags: ['people'], response: { 200: PumpList, 401: Problem } } },
      async (request) => {
        const audience = may(identityOf(request).role, 'label.view') ? 'labelled' : 'unlabelled'
        return { pumps: picture.pumps().map((pump) => pumpFor(audience, pump)), serverTime: clock.now() }
      },
    )

    app.get(
      '/pumps/:pumpId/history',
      {
        config: { access: 'live.view' },
        schema: {
          tags: ['people'],
          summary: 'Thinned samples with their extremes, and the alarms of that time.',
          params: z.strictObject({ pumpId: PumpId }),
          querystring: HistoryQuery.strict(),
          response: { 200: History, 400: Problem, 404: Problem },
        },
      },
      async (request) => {
        const { pumpId } = request.params
        const { query } = request
        if (query.to <= query.from)
          throw new HttpProblem('invalid_request', { detail: '"to" must be later than "from".' })
        const pump = picture.pump(pumpId)
        if (pump === null) throw new HttpProblem('not_found')
        // the lines of two channels would be drawn as one
        const channel = query.channel ?? (pump.otherChannels.length > 0 ? pump.sample?.channelId : undefined)
        const history = await telemetry.history(pumpId, { ...query, channel })
        return { ...history, alarms: [...desk.during(pumpId, instant(query.from), instant(query.to))] }
      },
    )
  }
