import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { HubId } from '#domain/ids.ts'
import { Problem } from '#domain/live/api.ts'
import { HubLedger, LedgerQuery } from '#domain/live/ledger.ts'
import type { HubLedgers } from '#server/core/ledger/hub-ledger.ts'
import { sightFor } from '../access.ts'
import { HttpProblem } from '../problem.ts'

export const ledgerRoutes =
  (ledgers: Pick<HubLedgers, 'of' | 'knows'>): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/hubs/:hubId/ledger',
      {
        config: { givesWay: true, access: 'ledger.view', scope: 'hub' },
        schema: {
          tags: ['people'],
          summary: 'What became of every record that a hub numbered, by hour and pump. Ids of devices only.',
          params: z.strictObject({ hubId: HubId }),
          querystring: LedgerQuery.strict(),
          response: { 200: HubLedger, 400: Problem, 401: Problem, 403: Problem, 404: Problem },
        },
      },
      async (request) => {
        const { hubId } = request.params
        if (!ledgers.knows(hubId)) throw new HttpProblem('not_found')
        const { scope } = sightFor(request)
        const ledger = await ledgers.of(hubId, request.query.hours)
        // A hub that several teams share tells each of its own pumps only.
        const hours = ledger.hours.map((hour) => ({
          ...hour,
          pumps: hour.pumps.filter(({ pumpId }) => scope.has({ kind: 'pump', pumpId })),
        }))
        return { ...ledger, hours }
      },
    )
  }
