import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { completenessSlots, readingsStored } from '#domain/derived/completeness.ts'
import { infusionStart } from '#domain/derived/infusion-start.ts'
import { PumpId } from '#domain/ids.ts'
import { Problem } from '#domain/live/api.ts'
import { Completeness, PumpAbout } from '#domain/live/pump-about.ts'
import { may } from '#server/core/permissions.ts'
import type { PumpUses } from '#server/core/pump-uses.ts'
import { identityOf, sightFor } from '../access.ts'
import type { AppDependencies } from '../dependencies.ts'
import { HttpProblem } from '../problem.ts'

type Needs = Pick<AppDependencies, 'picture' | 'telemetry' | 'pumpEvents' | 'clock'> & { readonly uses: PumpUses }

const dayMs = 86_400_000
const eventsOfMs = 7 * dayMs
const mostEvents = 500
const params = z.strictObject({ pumpId: PumpId })

export const pumpAboutRoutes =
  ({ picture, telemetry, pumpEvents, clock, uses }: Needs): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/pumps/:pumpId/about',
      {
        config: { access: 'live.view', scope: 'pump' },
        schema: {
          tags: ['people'],
          summary: 'What one pump is used for, for those who may know it, and what happened to it in seven days.',
          params,
          response: { 200: PumpAbout, 401: Problem, 404: Problem },
        },
      },
      async (request) => {
        const { pumpId } = request.params
        if (picture.pump(pumpId) === null) throw new HttpProblem('not_found')
        const now = clock.now()
        const since = sightFor(request).scope.since(pumpId) ?? now
        const events = pumpEvents.between(pumpId, Math.max(now - eventsOfMs, since), now + 1, mostEvents)
        return {
          pumpId,
          use: may(identityOf(request).role, 'assignment.view') ? uses.of(pumpId, now) : null,
          events: [...events],
          infusionStartedAt: infusionStart(events),
          serverTime: now,
        }
      },
    )

    app.get(
      '/pumps/:pumpId/completeness',
      {
        config: { givesWay: true, access: 'live.view', scope: 'pump' },
        schema: {
          tags: ['people'],
          summary: 'Readings stored of those that the pump should have given in the last 24 h.',
          params,
          response: { 200: Completeness, 401: Problem, 404: Problem, 503: Problem },
        },
      },
      async (request) => {
        const { pumpId } = request.params
        const pump = picture.pump(pumpId)
        if (pump === null) throw new HttpProblem('not_found')
        const to = clock.now()
        const from = Math.min(to - 1, Math.max(to - dayMs, sightFor(request).scope.since(pumpId) ?? to))
        const channel = pump.otherChannels.length > 0 ? pump.sample?.channelId : undefined
        const { buckets } = await telemetry.history(pumpId, { from, to, maxPoints: completenessSlots, channel })
        return { from, to, ...readingsStored({ from, to, buckets }, pump.statusIntervalMs), serverTime: to }
      },
    )
  }
