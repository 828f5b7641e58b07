import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { UserId } from '#domain/ids.ts'
import { Problem } from '#domain/live/api.ts'
import {
  DisabledBody,
  InvitationLink,
  NewPerson,
  PeopleList,
  ResetFactorsBody,
  RoleBody,
  TeamsBody,
} from '#domain/people/people-api.ts'
import { SessionList } from '#domain/live/sessions.ts'
import type { Clock } from '#domain/time.ts'
import type { PeopleDesk, PeopleRefusal } from '#server/core/people-desk.ts'
import type { SessionDesk } from '#server/core/session-desk.ts'
import { personOf } from '../access.ts'
import { HttpProblem, problems as sentences } from '../problem.ts'
import type { ProblemCode } from '../problem.ts'

export interface PeopleRoutesDependencies {
  readonly desk: PeopleDesk
  readonly sessions: SessionDesk
  readonly clock: Clock
  /** The first public address, for clients that are no browser. */
  readonly origin: () => string
}

const look = { config: { access: 'people.manage', scope: 'site' } } as const
const act = { config: { access: 'people.manage', scope: 'site', stepUp: true } } as const
const Named = z.strictObject({ userId: UserId })
const NamedSession = z.strictObject({ userId: UserId, sessionId: z.string().min(1).max(64) })
const done = { 204: z.null(), 404: Problem, 409: Problem }

const problems: Readonly<Record<PeopleRefusal, ProblemCode>> = {
  nobody: 'not_found',
  'name-taken': 'name_taken',
  'own-account': 'own_account',
  'last-admin': 'last_admin',
  kiosk: 'not_for_kiosks',
  'no-team': 'invalid_request',
}

/** Said in full: the page shows it as it is. */
const refused = (refusal: PeopleRefusal): HttpProblem => {
  const code = problems[refusal]
  return new HttpProblem(code, { detail: sentences[code][1] })
}

const refuse = (refusal: PeopleRefusal | null): void => {
  if (refusal !== null) throw refused(refusal)
}

const linkFor = async (
  desk: PeopleDesk,
  origin: string,
  request: FastifyRequest,
  userId: UserId,
): Promise<InvitationLink> => {
  const invited = await desk.invite(personOf(request), userId)
  if (typeof invited === 'string') throw refused(invited)
  // Behind `#`: it reaches no log of a server or proxy.
  const link = `${request.headers.origin ?? origin}/#/invited/${invited.token}`
  return { userId, link, expiresAt: invited.expiresAt }
}

/** People, for administrators: who may come in, as what, and since when. Every change asks for a fresh proof of who does it. */
export const peopleRoutes =
  ({ desk, sessions, clock, origin }: PeopleRoutesDependencies): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/people',
      {
        ...look,
        schema: { tags: ['people'], summary: 'Everybody who has an account.', response: { 200: PeopleList } },
      },
      async () => ({ ...(await desk.list()), serverTime: clock.now() }),
    )

    app.post(
      '/people',
      {
        ...act,
        schema: {
          tags: ['people'],
          summary: 'An account and a one-time link, good for 48 h, by which its owner chooses a password.',
          body: NewPerson,
          response: { 200: InvitationLink, 400: Problem, 409: Problem },
        },
      },
      async (request) => {
        const added = await desk.add(personOf(request), request.body)
        if (typeof added === 'string') throw refused(added)
        return await linkFor(desk, origin(), request, added.userId)
      },
    )

    app.post(
      '/people/:userId/invitation',
      {
        ...act,
        schema: {
          tags: ['people'],
          summary: 'Another link; the one before is good for nothing any more.',
          params: Named,
          response: { 200: InvitationLink, 404: Problem, 409: Problem },
        },
      },
      (request) => linkFor(desk, origin(), request, request.params.userId),
    )

    app.delete(
      '/people/:userId/invitation',
      { ...act, schema: { tags: ['people'], summary: 'Withdraws the link.', params: Named, response: done } },
      async (request, reply) => {
        refuse(await desk.withdraw(personOf(request), request.params.userId))
        return reply.code(204).send(null)
      },
    )

    app.put(
      '/people/:userId/role',
      {
        ...act,
        schema: {
          tags: ['people'],
          summary: 'Another role. Ends all sessions.',
          params: Named,
          body: RoleBody,
          response: done,
        },
      },
      async (request, reply) => {
        refuse(await desk.setRole(personOf(request), request.params.userId, request.body.role))
        return reply.code(204).send(null)
      },
    )

    app.put(
      '/people/:userId/disabled',
      {
        ...act,
        schema: {
          tags: ['people'],
          summary: 'Disables, which ends all sessions, or enables again.',
          params: Named,
          body: DisabledBody,
          response: done,
        },
      },
      async (request, reply) => {
        refuse(await desk.setDisabled(personOf(request), request.params.userId, request.body.disabled))
        return reply.code(204).send(null)
      },
    )

    app.put(
      '/people/:userId/teams',
      {
        ...act,
        schema: { tags: ['people'], summary: 'All of her teams.', params: Named, body: TeamsBody, response: done },
      },
      async (request, reply) => {
        refuse(await desk.setTeams(personOf(request), request.params.userId, request.body.teamIds))
        return reply.code(204).send(null)
      },
    )

    app.post(
      '/people/:userId/reset-factors',
      {
        ...act,
        schema: {
          tags: ['people'],
          summary:
            'Takes away app, passkeys and recovery codes and ends all sessions; she sets up anew after her password.',
          params: Named,
          body: ResetFactorsBody,
          response: done,
        },
      },
      async (request, reply) => {
        refuse(await desk.resetFactors(personOf(request), request.params.userId, request.body.reason))
        return reply.code(204).send(null)
      },
    )

    app.get(
      '/people/:userId/sessions',
      { ...look, schema: { tags: ['people'], params: Named, response: { 200: SessionList, 404: Problem } } },
      async (request) => {
        const open = await desk.sessions(request.params.userId)
        if (open === null) throw new HttpProblem('not_found')
        return { sessions: [...open], serverTime: clock.now() }
      },
    )

    app.delete(
      '/people/:userId/sessions',
      { ...act, schema: { tags: ['people'], summary: 'Ends all of hers.', params: Named, response: done } },
      async (request, reply) => {
        const { userId } = request.params
        if ((await desk.sessions(userId)) === null) throw new HttpProblem('not_found')
        await sessions.endAll(personOf(request), userId)
        return reply.code(204).send(null)
      },
    )

    app.delete(
      '/people/:userId/sessions/:sessionId',
      { ...act, schema: { tags: ['people'], summary: 'Ends one of hers.', params: NamedSession, response: done } },
      async (request, reply) => {
        const { userId, sessionId } = request.params
        if (!(await sessions.end(personOf(request), userId, sessionId))) throw new HttpProblem('not_found')
        return reply.code(204).send(null)
      },
    )
  }
