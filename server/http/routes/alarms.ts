import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { EpisodeId } from '#domain/ids.ts'
import {
  AcceptBody,
  AlarmConflict,
  AlarmDetail,
  AlarmList,
  AlarmListQuery,
  Problem,
  RejectBody,
  ResolveBody,
} from '#domain/live/api.ts'
import type { LiveCommand } from '#domain/live/messages.ts'
import { AlarmView } from '#domain/live/views.ts'
import { identityOf } from '../access.ts'
import type { AppDependencies } from '../dependencies.ts'
import { HttpProblem } from '../problem.ts'

type Needs = Pick<AppDependencies, 'desk' | 'clock'>

const Acted = z.object({ alarm: AlarmView, serverTime: z.int() })
type Acted = z.infer<typeof Acted>
const params = z.strictObject({ episodeId: EpisodeId })
const answers = { 200: Acted, 400: Problem, 403: Problem, 404: Problem, 409: AlarmConflict, 422: Problem }

const act = async ({ desk, clock }: Needs, request: FastifyRequest, command: LiveCommand): Promise<Acted> => {
  const { userId, name } = identityOf(request)
  const answer = await desk.act({ userId, name }, command)
  switch (answer.outcome) {
    case 'ok':
      return { alarm: answer.alarm, serverTime: clock.now() }
    case 'conflict':
      throw new HttpProblem('conflict', { detail: answer.message, alarm: answer.alarm })
    case 'refused':
      throw new HttpProblem('not_possible', { detail: answer.message })
    case 'unknown':
      throw new HttpProblem('not_found')
  }
}

export const alarmRoutes =
  (needs: Needs): FastifyPluginAsyncZod =>
  async (app) => {
    const { desk, clock } = needs
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
          summary: 'One alarm with its story.',
          params,
          response: { 200: AlarmDetail, 404: Problem },
        },
      },
      async (request) => {
        const detail = await desk.detail(request.params.episodeId)
        if (detail === null) throw new HttpProblem('not_found')
        return { ...detail, serverTime: clock.now() }
      },
    )

    app.post(
      '/alarms/:episodeId/accept',
      {
        config: { access: 'alarm.act' },
        schema: {
          tags: ['people'],
          summary: 'Take the alarm. 409 says who was faster, and when.',
          params,
          body: AcceptBody.strict(),
          response: answers,
        },
      },
      (request) => act(needs, request, { ...request.body, kind: 'accept', episodeId: request.params.episodeId }),
    )

    app.post(
      '/alarms/:episodeId/reject',
      {
        config: { access: 'alarm.act' },
        schema: {
          tags: ['people'],
          summary: 'Say why you cannot take it.',
          params,
          body: RejectBody.strict(),
          response: answers,
        },
      },
      (request) => act(needs, request, { ...request.body, kind: 'reject', episodeId: request.params.episodeId }),
    )

    app.post(
      '/alarms/:episodeId/resolve',
      {
        config: { access: 'alarm.act' },
        schema: {
          tags: ['people'],
          summary: 'Close it out: what it was, what was found.',
          params,
          body: ResolveBody.strict(),
          response: answers,
        },
      },
      (request) => act(needs, request, { ...request.body, kind: 'resolve', episodeId: request.params.episodeId }),
    )
  }
