import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { EpisodeId } from '#domain/ids.ts'
import { AlarmDetail, AlarmList, AlarmListQuery, Problem } from '#domain/live/api.ts'
import { sightFor } from '../access.ts'
import type { AppDependencies } from '../dependencies.ts'
import { HttpProblem } from '../problem.ts'

type Needs = Pick<AppDependencies, 'deskOf' | 'clock' | 'paging'>

const params = z.strictObject({ episodeId: EpisodeId })

export const alarmRoutes =
  (needs: Needs): FastifyPluginAsyncZod =>
  async (app) => {
    const { deskOf, clock, paging } = needs
    app.get(
      '/alarms',
      {
        config: { access: 'live.view', scope: 'answer' },
        schema: {
          tags: ['people'],
          summary: 'Open alarms, or closed ones from history, newest start first.',
          querystring: AlarmListQuery.strict(),
          response: { 200: AlarmList, 400: Problem, 401: Problem },
        },
      },
      async (request) => ({
        alarms: [...deskOf(sightFor(request)).list(request.query)],
        serverTime: clock.now(),
      }),
    )

    app.get(
      '/alarms/:episodeId',
      {
        config: { access: 'live.view', scope: 'alarm' },
        schema: {
          tags: ['people'],
          summary: 'One alarm with its story: who did what, and who was paged.',
          params,
          response: { 200: AlarmDetail, 404: Problem },
        },
      },
      async (request) => {
        const detail = await deskOf(sightFor(request)).detail(request.params.episodeId)
        if (detail === null) throw new HttpProblem('not_found')
        return { ...detail, paging: await paging.of(detail.alarm), serverTime: clock.now() }
      },
    )
  }
