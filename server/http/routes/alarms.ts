import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { EpisodeId } from '#domain/ids.ts'
import { AlarmDetail, AlarmList, AlarmListQuery, Problem } from '#domain/live/api.ts'
import { may } from '#server/core/permissions.ts'
import { identityOf } from '../access.ts'
import type { AppDependencies } from '../dependencies.ts'
import { HttpProblem } from '../problem.ts'

type Needs = Pick<AppDependencies, 'desk' | 'clock' | 'paging'>

const params = z.strictObject({ episodeId: EpisodeId })

export const alarmRoutes =
  (needs: Needs): FastifyPluginAsyncZod =>
  async (app) => {
    const { desk, clock, paging } = needs
    app.get(
      '/alarms',
      {
        config: { access: 'live.view' },
        schema: {
          tags: ['people'],
          summary: 'Open alarms, or closed ones from history, newest start first.',
          querystring: AlarmListQuery.strict(),
          response: { 200: AlarmList, 400: Problem, 401: Problem },
        },
      },
      async (request) => ({ alarms: [...desk.list(request.query)], serverTime: clock.now() }),
    )

    app.get(
      '/alarms/:episodeId',
      {
        config: { access: 'live.view' },
        schema: {
          tags: ['people'],
          summary: 'One alarm with its story: who did what, and who was paged.',
          params,
          response: { 200: AlarmDetail, 404: Problem },
        },
      },
      async (request) => {
        const detail = await desk.detail(request.params.episodeId)
        if (detail === null) throw new HttpProblem('not_found')
        // Free text may say more about a patient than whoever repairs devices has to know.
        const triage = may(identityOf(request).role, 'alarm.act') ? detail.triage : []
        return { ...detail, triage, paging: await paging.of(detail.alarm), serverTime: clock.now() }
      },
    )
  }
