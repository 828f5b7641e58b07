import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { PumpId } from '#domain/ids.ts'
import { History, HistoryQuery, HubList, Problem, PumpList } from '#domain/live/api.ts'
import { instant } from '#domain/time.ts'
import { hubsIn, pumpsIn } from '#server/core/sight.ts'
import { sightFor } from '../access.ts'
import type { AppDependencies } from '../dependencies.ts'
import { HttpProblem } from '../problem.ts'

type Needs = Pick<AppDependencies, 'picture' | 'telemetry' | 'deskOf' | 'clock'>

const nothingHeard = { resolutionMs: 0, buckets: [], alarms: [], lastSampleAt: null }

export const pumpRoutes =
  ({ picture, telemetry, deskOf, clock }: Needs): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/hubs',
      {
        config: { access: 'live.view', scope: 'answer' },
        schema: { tags: ['people'], response: { 200: HubList, 401: Problem } },
      },
      async (request) => ({ hubs: [...hubsIn(picture, sightFor(request))], serverTime: clock.now() }),
    )

    app.get(
      '/pumps',
      {
        config: { access: 'live.view', scope: 'answer' },
        schema: { tags: ['people'], response: { 200: PumpList, 401: Problem } },
      },
      async (request) => ({ pumps: [...pumpsIn(picture, sightFor(request))], serverTime: clock.now() }),
    )

    app.get(
      '/pumps/:pumpId/history',
      {
        config: { givesWay: true, access: 'live.view', scope: 'pump' },
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
        const sight = sightFor(request)
        const from = Math.max(query.from, sight.scope.since(pumpId) ?? query.to)
        const desk = deskOf(sight)
        // What the pump told in another team is that team's: it may have been another patient.
        if (from >= query.to) return { pumpId, from: query.from, to: query.to, ...nothingHeard }
        const history = await telemetry.history(pumpId, { ...query, from, channel })
        return { ...history, alarms: [...desk.during(pumpId, instant(from), instant(query.to))] }
      },
    )
  }
