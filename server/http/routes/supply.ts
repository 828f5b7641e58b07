import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { Problem } from '#domain/live/api.ts'
import { Supply, SupplyQuery } from '#domain/live/supply.ts'
import type { PumpUses } from '#server/core/pump-uses.ts'
import { SupplyDesk } from '#server/core/supply.ts'
import { sightFor } from '../access.ts'
import type { AppDependencies } from '../dependencies.ts'

type Needs = Pick<AppDependencies, 'picture' | 'onCall' | 'clock'> & { readonly uses: PumpUses }

export const supplyRoutes =
  (deps: Needs): FastifyPluginAsyncZod =>
  async (app) => {
    const desk = new SupplyDesk(deps)
    app.get(
      '/supply',
      {
        config: { access: 'assignment.view', scope: 'answer' },
        schema: {
          tags: ['people'],
          summary:
            'Programs and batteries by when they run out, stopped ones, those nobody can tell of, and next deliveries.',
          querystring: SupplyQuery,
          response: { 200: Supply, 401: Problem, 403: Problem },
        },
      },
      async (request) => desk.ask(request.query, sightFor(request)),
    )
  }
