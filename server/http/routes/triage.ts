import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { EpisodeId } from '#domain/ids.ts'
import { Problem, Triage, TriageBody } from '#domain/live/api.ts'
import { identityOf, sightFor } from '../access.ts'
import type { AppDependencies } from '../dependencies.ts'
import { HttpProblem } from '../problem.ts'

export const triageRoutes =
  ({ deskOf, clock }: Pick<AppDependencies, 'deskOf' | 'clock'>): FastifyPluginAsyncZod =>
  async (app) => {
    app.put(
      '/alarms/:episodeId/triage',
      {
        config: { access: 'alarm.act', scope: 'alarm' },
        schema: {
          tags: ['people'],
          summary: 'Write down what was done about an alarm, or amend it. Every version stays, with who wrote it.',
          params: z.strictObject({ episodeId: EpisodeId }),
          body: TriageBody,
          response: { 200: Triage, 400: Problem, 403: Problem, 404: Problem, 409: Problem },
        },
      },
      async (request) => {
        const { userId, name } = identityOf(request)
        const { requestId, expectedVersion, ...record } = request.body
        const { episodeId } = request.params
        const reply = await deskOf(sightFor(request)).record(
          { userId, name },
          { episodeId, expectedVersion, requestId, record },
        )
        switch (reply.outcome) {
          case 'ok':
            return { triage: [...reply.triage], serverTime: clock.now() }
          case 'conflict': {
            const last = reply.triage.at(-1)
            const who = last === undefined ? '' : ` ${last.by.name} wrote version ${last.version}.`
            throw new HttpProblem('conflict', { detail: `It was amended meanwhile.${who} Read it again.` })
          }
          case 'unknown':
            throw new HttpProblem('not_found')
        }
      },
    )
  }
