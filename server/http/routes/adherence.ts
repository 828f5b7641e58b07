import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { PumpId } from '#domain/ids.ts'
import { AdherenceQuery, PumpAdherence, PumpAdherenceQuery, TeamAdherence } from '#domain/live/adherence.ts'
import { Problem } from '#domain/live/api.ts'
import { AdherenceDesk } from '#server/core/adherence/adherence-desk.ts'
import { pumpFor } from '#server/core/sight.ts'
import { sightFor } from '../access.ts'
import type { AppDependencies } from '../dependencies.ts'
import { HttpProblem } from '../problem.ts'

type Needs = Pick<
  AppDependencies,
  'picture' | 'telemetry' | 'pumpEvents' | 'assignments' | 'onCall' | 'judgedRuns' | 'clock' | 'scheduler' | 'site'
>

/** A plan says who is treated when: for those who may know what a pump is used for. */
export const adherenceRoutes =
  ({ site, ...deps }: Needs): FastifyPluginAsyncZod =>
  async (app) => {
    const desk = new AdherenceDesk({ ...deps, facilityTimeZone: site.facilityTimeZone })

    app.get(
      '/pumps/:pumpId/adherence',
      {
        config: { givesWay: true, access: 'assignment.view', scope: 'pump' },
        schema: {
          tags: ['people'],
          summary: 'Planned deliveries of one pump in seven days, and what became of them.',
          params: z.strictObject({ pumpId: PumpId }),
          querystring: PumpAdherenceQuery,
          response: { 200: PumpAdherence, 401: Problem, 403: Problem, 404: Problem, 503: Problem },
        },
      },
      async (request) => {
        const pump = deps.picture.pump(request.params.pumpId)
        if (pump === null) throw new HttpProblem('not_found')
        const sight = sightFor(request)
        return desk.ofPump(pumpFor(sight, pump), sight, request.query.weeksAgo)
      },
    )

    app.get(
      '/adherence',
      {
        config: { givesWay: true, access: 'assignment.view', scope: 'answer' },
        schema: {
          tags: ['people'],
          summary: 'Planned deliveries of all pumps with a plan in seven days, a few pumps at a time.',
          querystring: AdherenceQuery,
          response: { 200: TeamAdherence, 401: Problem, 403: Problem, 503: Problem },
        },
      },
      async (request) => desk.ofTeam(request.query, sightFor(request)),
    )
  }
