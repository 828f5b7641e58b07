import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { TeamAssigned, TeamAssignment } from '#domain/assignment/api.ts'
import { Problem } from '#domain/live/api.ts'
import { personOf, sightFor } from '../access.ts'
import type { AppDependencies } from '../dependencies.ts'
import { HttpProblem } from '../problem.ts'

type Needs = Pick<AppDependencies, 'assignments' | 'onCall' | 'clock'>

/** The one thing that is done to many pumps at once: whose they are. */
export const assignTeamRoutes =
  ({ assignments, onCall, clock }: Needs): FastifyPluginAsyncZod =>
  async (app) => {
    app.post(
      '/assignments/team',
      {
        config: { access: 'assignment.edit', scope: 'answer' },
        schema: {
          tags: ['people'],
          summary: 'Gives pumps to one of your teams, all of them or none. 409 when somebody changed one meanwhile.',
          body: TeamAssignment,
          response: { 200: TeamAssigned, 400: Problem, 403: Problem, 404: Problem, 409: Problem },
        },
      },
      async (request) => {
        const { teamId, pumps } = request.body
        const { scope } = sightFor(request)
        const teams = [teamId, ...pumps.flatMap(({ pumpId }) => assignments.get(pumpId)?.teamId ?? [])]
        // What belongs to others answers as if it were not there.
        if (onCall.team(teamId) === null || teams.some((team) => !scope.isOwn(team))) throw new HttpProblem('not_found')
        const seen = new Map(pumps.map(({ pumpId, expectedVersion }) => [pumpId, expectedVersion]))
        const answer = await assignments.assignTeam(personOf(request), teamId, seen)
        if (answer.outcome === 'ok') return { changed: [...answer.changed], serverTime: clock.now() }
        throw new HttpProblem('conflict', {
          detail: `Somebody changed ${answer.pumpIds.slice(0, 5).join(', ')} meanwhile. Nothing was changed.`,
        })
      },
    )
  }
