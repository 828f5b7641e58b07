import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import {
  AssignmentAnswer,
  AssignmentBody,
  AssignmentList,
  EndAssignmentQuery,
  PhoneAnswer,
  assignmentView,
} from '#domain/assignment/api.ts'
import type { Assignment } from '#domain/assignment/assignment.ts'
import { PumpId } from '#domain/ids.ts'
import { Problem } from '#domain/live/api.ts'
import type { TeamId } from '#domain/on-call/duty.ts'
import type { AssignmentOutcome } from '#server/core/assignment-book.ts'
import { personOf, sightFor } from '../access.ts'
import type { AppDependencies } from '../dependencies.ts'
import { HttpProblem } from '../problem.ts'

type Needs = Pick<AppDependencies, 'assignments' | 'onCall' | 'clock'>

const params = z.strictObject({ pumpId: PumpId })
const answers = { 200: AssignmentAnswer, 400: Problem, 403: Problem, 404: Problem, 409: Problem }

const made = (answer: AssignmentOutcome): Assignment => {
  if (answer.outcome === 'ok') return answer.assignment
  const { assignment } = answer
  throw new HttpProblem('conflict', {
    detail:
      assignment === null
        ? 'Nothing is stored of this pump.'
        : `Version ${assignment.version} was made by ${assignment.changedBy.name} meanwhile. Load it and change it again.`,
  })
}

/** A lead changes what belongs to her own teams; what is everybody's she sees and leaves. */
const mustOwn = (request: FastifyRequest, ...teamIds: readonly (TeamId | undefined)[]): void => {
  const { scope } = sightFor(request)
  if (teamIds.some((teamId) => teamId !== undefined && !scope.isOwn(teamId))) throw new HttpProblem('not_found')
}

export const assignmentRoutes =
  ({ assignments, onCall, clock }: Needs): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/assignments',
      {
        config: { access: 'assignment.view', scope: 'answer' },
        schema: {
          tags: ['people'],
          summary: 'What every pump of your teams is used for now.',
          response: { 200: AssignmentList, 401: Problem },
        },
      },
      async (request) => {
        const { scope } = sightFor(request)
        const seen = assignments.all().filter(({ pumpId }) => scope.has({ kind: 'pump', pumpId }))
        return { assignments: seen.map(assignmentView), serverTime: clock.now() }
      },
    )

    app.get(
      '/assignments/:pumpId/history',
      {
        config: { access: 'assignment.view', scope: 'pump' },
        schema: {
          tags: ['people'],
          summary: 'Every stretch of a pump in your teams and who began it, oldest first.',
          params,
          response: { 200: AssignmentList, 404: Problem },
        },
      },
      async (request) => {
        const { scope } = sightFor(request)
        const all = await assignments.history(request.params.pumpId)
        const history = all.filter(({ details }) => details === null || scope.hasTeam(details.teamId))
        if (history.length === 0) throw new HttpProblem('not_found')
        return { assignments: history.map(assignmentView), serverTime: clock.now() }
      },
    )

    app.get(
      '/assignments/:pumpId/phone',
      {
        config: { access: 'contact.view', scope: 'pump' },
        schema: {
          tags: ['people'],
          summary: 'The number to call about this pump, read when it is needed.',
          params,
          response: { 200: PhoneAnswer, 404: Problem },
        },
      },
      async (request) => {
        const details = assignments.get(request.params.pumpId)
        if (details === undefined) throw new HttpProblem('not_found')
        return { phone: details.phone, serverTime: clock.now() }
      },
    )

    app.put(
      '/assignments/:pumpId',
      {
        config: { access: 'assignment.edit', scope: 'pump' },
        schema: {
          tags: ['people'],
          summary: 'From now on. 409 when somebody else changed it since `expectedVersion`.',
          params,
          body: AssignmentBody,
          response: answers,
        },
      },
      async (request) => {
        const { pumpId } = request.params
        const { expectedVersion, phone, ...told } = request.body
        if (onCall.team(told.teamId) === null)
          throw new HttpProblem('invalid_request', { errors: [{ path: 'teamId', message: 'there is no such team' }] })
        mustOwn(request, assignments.get(pumpId)?.teamId, told.teamId)
        const details = { ...told, phone: phone === undefined ? (assignments.get(pumpId)?.phone ?? null) : phone }
        const assignment = made(await assignments.set(personOf(request), pumpId, expectedVersion, details))
        return { assignment: assignmentView(assignment), serverTime: clock.now() }
      },
    )

    app.delete(
      '/assignments/:pumpId',
      {
        config: { access: 'assignment.edit', scope: 'pump' },
        schema: {
          tags: ['people'],
          summary: 'The pump is free again; what it was used for stays in its history.',
          params,
          querystring: EndAssignmentQuery,
          response: answers,
        },
      },
      async (request) => {
        const { pumpId } = request.params
        const known = assignments.get(pumpId)
        if (known === undefined) throw new HttpProblem('not_found')
        mustOwn(request, known.teamId)
        const answer = await assignments.set(personOf(request), pumpId, request.query.expectedVersion, null)
        return { assignment: assignmentView(made(answer)), serverTime: clock.now() }
      },
    )
  }
