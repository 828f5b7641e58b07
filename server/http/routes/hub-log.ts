import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { HubId } from '#domain/ids.ts'
import { Problem } from '#domain/live/api.ts'
import { HubActBody, HubLog, HubRecords } from '#domain/live/hub-log.ts'
import type { Clock } from '#domain/time.ts'
import type { HubLogStore } from '#server/core/hub-log.ts'
import type { LivePicture } from '#server/core/live-picture.ts'
import { personOf } from '../access.ts'
import { HttpProblem } from '../problem.ts'

export interface HubLogParts {
  readonly log: HubLogStore
  readonly picture: Pick<LivePicture, 'hub'>
  readonly clock: Clock
}

const params = z.strictObject({ hubId: HubId })
const mostTold = 50

const known = ({ picture }: HubLogParts, hubId: HubId): HubId => {
  if (picture.hub(hubId) === null) throw new HttpProblem('not_found')
  return hubId
}

const told = ({ log, clock }: HubLogParts, hubId: HubId): HubLog => ({
  entries: [...log.of(hubId, mostTold)],
  serverTime: clock.now(),
})

/** What people did about a hub, and for engineers what it sent. */
export const hubLogRoutes =
  (parts: HubLogParts): FastifyPluginAsyncZod =>
  async (app) => {
    const { log, clock } = parts
    app.get(
      '/hubs/:hubId/log',
      {
        config: { access: 'hub.act', scope: 'hub' },
        schema: {
          tags: ['people'],
          summary: 'Notes, tickets and visits of a hub, the newest 50.',
          params,
          response: { 200: HubLog, 401: Problem, 404: Problem },
        },
      },
      async (request) => told(parts, known(parts, request.params.hubId)),
    )

    app.post(
      '/hubs/:hubId/log',
      {
        config: { access: 'hub.act', scope: 'hub' },
        schema: {
          tags: ['people'],
          summary: 'Writes down a note, a ticket or a visit, with who and when. It stays.',
          params,
          body: HubActBody,
          response: { 200: HubLog, 400: Problem, 401: Problem, 403: Problem, 404: Problem },
        },
      },
      async (request) => {
        const hubId = known(parts, request.params.hubId)
        await log.add({ ...request.body, hubId, by: personOf(request), at: clock.now() })
        return told(parts, hubId)
      },
    )

    app.get(
      '/hubs/:hubId/records',
      {
        config: { access: 'hub.records', scope: 'hub' },
        schema: {
          tags: ['people'],
          summary:
            'Events and tombstones that a hub sent, by arrival, the newest 50; no figures and no words of a vendor.',
          params,
          response: { 200: HubRecords, 401: Problem, 403: Problem, 404: Problem },
        },
      },
      async (request) => ({
        records: [...log.records(known(parts, request.params.hubId), mostTold)],
        serverTime: clock.now(),
      }),
    )
  }
