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
import type { OnCallBook } from '#server/core/on-call-book.ts'
import { identityOf, personOf } from '../access.ts'
import type { AppDependencies } from '../dependencies.ts'
import { HttpProblem } from '../problem.ts'
import type { FastifyRequest } from 'fastify'

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

/** A lead changes what belongs to her teams; what belongs to others answers as if it were not there. */
const mustOwn = (onCall: OnCallBook, request: FastifyRequest, ...teamIds: readonly (TeamId | undefined)[]): void => {
  const own = onCall.teamsOf(identityOf(request).userId)
  if (teamIds.some((teamId) => teamId !== undefined && !own.includes(teamId))) throw new HttpProblem('not_found')
}

export const assignmentRoutes =
  ({ assignments, onCall, clock }: Needs): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/assignments',
      {
        config: { access: 'assignment.view' },
        schema: {
          tags: ['people'],
          summary: 'What every pump is used for now.',
          response: { 200: AssignmentList, 401: Problem },
        },
      },
      async () => ({ assignments: assignments.all().map(assignmentView), serverTime: clock.now() }),
    )

    app.get(
      '/assignments/:pumpId/history',
      {
        config: { access: 'assignment.view' },
        schema: {
          tags: ['people'],
          summary: 'Every stretch of a pump and who began it, oldest first.',
          params,
          response: { 200: AssignmentList, 404: Problem },
        },
      },
      async (request) => {
        const history = await assignments.history(request.params.pumpId)
        if (history.length === 0) throw new HttpProblem('not_found')
        return { assignments: history.map(assignmentView), serverTime: clock.now() }
      },
    )

    app.get(
      '/assignments/:pumpId/phone',
      {
        config: { access: 'contact.view' },
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
        config: { access: 'assignment.edit' },
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
        mustOwn(onCall, request, assignments.get(pumpId)?.teamId, told.teamId)
        const details = { ...told, phone: phone === undefined ? (assignments.get(pumpId)?.phone ?? null) : phone }
        const assignment = made(await assignments.set(personOf(request), pumpId, expectedVersion, details))
        return { assignment: assignmentView(assignment), serverTime: clock.now() }
      },
    )

    app.delete(
      '/assignments/:pumpId',
      {
        config: { access: 'assignment.edit' },
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
        mustOwn(onCall, request, known.teamId)
        const answer = await assignments.set(personOf(request), pumpId, request.query.expectedVersion, null)
        return { assignment: assignmentView(made(answer)), serverTime: clock.now() }
      },
    )
  }
