import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { UserId } from '#domain/ids.ts'
import { Problem } from '#domain/live/api.ts'
import { Person } from '#domain/live/views.ts'
import { TeamId } from '#domain/on-call/duty.ts'
import { RotaAnswer, RotaBody, TeamName, TeamView } from '#domain/on-call/team.ts'
import type { Clock } from '#domain/time.ts'
import type { OnCallBook } from '#server/core/on-call-book.ts'
import { teamsSeen } from '#server/core/on-call-now.ts'
import type { StoredTeam } from '#server/core/on-call-store.ts'
import { identityOf, personOf } from '../access.ts'
import type { AppDependencies } from '../dependencies.ts'
import { HttpProblem } from '../problem.ts'

type Needs = Pick<AppDependencies, 'onCall' | 'clock'>

const params = z.strictObject({ teamId: TeamId })
const TeamList = z.object({ teams: z.array(TeamView), serverTime: z.int() })
const PeopleList = z.object({ people: z.array(Person), serverTime: z.int() })

const viewOf = (onCall: OnCallBook, { teamId, name, rota }: StoredTeam): TeamView => ({
  teamId,
  name,
  members: [...onCall.membersOf(teamId)],
  rotaVersion: rota?.version ?? 0,
})

/** A foreign team answers like one that does not exist. */
const seen = (onCall: OnCallBook, request: FastifyRequest, teamId: TeamId): StoredTeam => {
  const team = teamsSeen(onCall, identityOf(request)).includes(teamId) ? onCall.team(teamId) : null
  if (team === null) throw new HttpProblem('not_found')
  return team
}

const rotaOf = ({ teamId, rota }: StoredTeam, clock: Clock): z.infer<typeof RotaAnswer> => ({
  teamId,
  version: rota?.version ?? 0,
  rota: rota?.rota ?? null,
  changedBy: rota?.changedBy ?? null,
  changedAt: rota?.changedAt ?? null,
  serverTime: clock.now(),
})

const everyoneKnown = (onCall: OnCallBook, userIds: readonly (UserId | null)[], path: string): void => {
  const unknown = userIds.filter((userId) => userId !== null && onCall.person(userId) === null)
  if (unknown.length === 0) return
  const errors = unknown.map((userId) => ({ path, message: `${userId} is nobody who can be on call` }))
  throw new HttpProblem('invalid_request', { errors })
}

export const teamRoutes =
  ({ onCall, clock }: Needs): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/teams',
      {
        config: { access: 'on-call.view', scope: 'answer' },
        schema: { tags: ['people'], response: { 200: TeamList, 401: Problem } },
      },
      async (request) => ({
        teams: teamsSeen(onCall, identityOf(request)).flatMap((teamId) => {
          const team = onCall.team(teamId)
          return team === null ? [] : [viewOf(onCall, team)]
        }),
        serverTime: clock.now(),
      }),
    )

    app.get(
      '/teams/:teamId/people',
      {
        config: { access: 'on-call.view', scope: 'team' },
        schema: {
          tags: ['people'],
          summary: 'Who can be on call in a team, and be handed an alarm.',
          params,
          response: { 200: PeopleList, 404: Problem },
        },
      },
      async (request) => {
        const { teamId } = seen(onCall, request, request.params.teamId)
        return { people: [...onCall.membersOf(teamId)], serverTime: clock.now() }
      },
    )

    app.put(
      '/teams/:teamId',
      {
        config: { access: 'team.edit', scope: 'team' },
        schema: {
          tags: ['people'],
          summary: 'Makes a team, or gives it another name.',
          params,
          body: z.strictObject({ name: TeamName }),
          response: { 200: TeamList, 400: Problem },
        },
      },
      async (request) => {
        const { teamId } = request.params
        await onCall.addTeam(personOf(request), teamId, request.body.name)
        return { teams: [viewOf(onCall, seen(onCall, request, teamId))], serverTime: clock.now() }
      },
    )

    app.put(
      '/teams/:teamId/members',
      {
        config: { access: 'rota.edit', scope: 'team' },
        schema: {
          tags: ['people'],
          summary: 'Who belongs to the team: all of them at once.',
          params,
          body: z.strictObject({ userIds: z.array(UserId).max(500) }),
          response: { 200: TeamList, 400: Problem, 404: Problem },
        },
      },
      async (request) => {
        const { teamId } = seen(onCall, request, request.params.teamId)
        everyoneKnown(onCall, request.body.userIds, 'userIds')
        await onCall.setMembers(personOf(request), teamId, request.body.userIds)
        const team = onCall.team(teamId)
        return { teams: team === null ? [] : [viewOf(onCall, team)], serverTime: clock.now() }
      },
    )

    app.get(
      '/teams/:teamId/rota',
      {
        config: { access: 'on-call.view', scope: 'team' },
        schema: { tags: ['people'], params, response: { 200: RotaAnswer, 404: Problem } },
      },
      async (request) => rotaOf(seen(onCall, request, request.params.teamId), clock),
    )

    app.put(
      '/teams/:teamId/rota',
      {
        config: { access: 'rota.edit', scope: 'team' },
        schema: {
          tags: ['people'],
          summary: 'The whole rota. 409 when somebody else changed it since `expectedVersion`.',
          params,
          body: RotaBody,
          response: { 200: RotaAnswer, 400: Problem, 404: Problem, 409: Problem },
        },
      },
      async (request) => {
        const team = seen(onCall, request, request.params.teamId)
        const { expectedVersion, rota } = request.body
        everyoneKnown(
          onCall,
          [...rota.entries, ...rota.overrides].map(({ userId }) => userId),
          'rota',
        )
        if (await onCall.setRota(personOf(request), team.teamId, expectedVersion, rota))
          return rotaOf(seen(onCall, request, team.teamId), clock)
        const by = onCall.team(team.teamId)?.rota?.changedBy.name ?? 'somebody else'
        throw new HttpProblem('conflict', { detail: `${by} changed this rota meanwhile. Load it and change it again.` })
      },
    )
  }
