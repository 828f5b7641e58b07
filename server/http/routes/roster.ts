import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { Problem } from '#domain/live/api.ts'
import { Roster, RosterQuery } from '#domain/live/roster.ts'
import { may } from '#server/core/permissions.ts'
import { RosterDesk } from '#server/core/roster.ts'
import type { PumpUses } from '#server/core/pump-uses.ts'
import { identityOf, sightFor } from '../access.ts'
import type { AppDependencies } from '../dependencies.ts'

type Needs = Pick<AppDependencies, 'picture' | 'onCall' | 'deskOf' | 'clock' | 'site'> & { readonly uses: PumpUses }

export const rosterRoutes =
  ({ site, ...deps }: Needs): FastifyPluginAsyncZod =>
  async (app) => {
    const roster = new RosterDesk({ ...deps, facilityTimeZone: site.facilityTimeZone })
    app.post(
      '/roster',
      {
        config: { access: 'live.view', scope: 'answer' },
        schema: {
          tags: ['people'],
          summary: 'All pumps, searched, filtered and sorted, a window of lines at a time.',
          body: RosterQuery,
          response: { 200: Roster, 400: Problem, 401: Problem },
        },
      },
      async (request) => {
        const { role } = identityOf(request)
        return roster.ask(request.body, { sight: sightFor(request), uses: may(role, 'assignment.view') })
      },
    )
  }
