import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { HubId } from '#domain/ids.ts'
import { Problem } from '#domain/live/api.ts'
import { HubClaim, HubNameBody, HubRegister } from '#domain/live/hub-registry.ts'
import type { Clock } from '#domain/time.ts'
import type { HubRegisterDesk } from '#server/core/hub-register-desk.ts'
import { personOf } from '../access.ts'
import { HttpProblem } from '../problem.ts'

const look = { config: { access: 'hub.manage', scope: 'site' } } as const
const act = { config: { access: 'hub.manage', scope: 'site', stepUp: true } } as const
const Named = z.strictObject({ hubId: HubId })
const tags = ['hubs']
const done = { 204: z.null(), 404: Problem }

const found = <T>(value: T | null | false): T => {
  if (value === null || value === false) throw new HttpProblem('not_found')
  return value
}

/** The registry of hubs, for administrators. Every change asks for a fresh proof of who does it. */
export const hubRegisterRoutes =
  (desk: HubRegisterDesk, clock: Clock): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/hub-registry',
      { ...look, schema: { tags, summary: 'Hubs that were let in, with their keys.', response: { 200: HubRegister } } },
      async () => ({ hubs: await desk.list(), serverTime: clock.now() }),
    )

    app.post(
      '/hub-registry',
      {
        ...act,
        schema: {
          tags,
          summary: 'A claim for a new hub, good for 10 min and one hub. Its code is told here and never again.',
          body: HubNameBody,
          response: { 200: HubClaim },
        },
      },
      (request) => desk.invite(personOf(request), request.body.name),
    )

    app.post(
      '/hub-registry/:hubId/claim',
      {
        ...act,
        schema: {
          tags,
          summary: 'A claim for a known hub: with the new key its old ones are revoked.',
          params: Named,
          response: { 200: HubClaim, 404: Problem },
        },
      },
      async (request) => found(await desk.inviteAgain(personOf(request), request.params.hubId)),
    )

    app.put(
      '/hub-registry/:hubId/name',
      { ...act, schema: { tags, summary: 'Another name.', params: Named, body: HubNameBody, response: done } },
      async (request, reply) => {
        found(await desk.rename(personOf(request), request.params.hubId, request.body.name))
        return reply.code(204).send(null)
      },
    )

    app.post(
      '/hub-registry/:hubId/revoke',
      {
        ...act,
        schema: {
          tags,
          summary: 'Refuses everything this hub sends, within 5 s. It keeps its records.',
          params: Named,
          response: done,
        },
      },
      async (request, reply) => {
        found(await desk.revoke(personOf(request), request.params.hubId))
        return reply.code(204).send(null)
      },
    )
  }
