import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { Health } from '#domain/live/api.ts'
import { runHealthChecks } from '#server/core/health.ts'
import type { AppDependencies } from '../dependencies.ts'

const Alive = z.object({ status: z.literal('ok') })

/** `/healthz`: the process answers. `/readyz`: its stores do too. `/api/v1/health`: which of them does not. */
export const healthRoutes =
  ({ health, clock }: Pick<AppDependencies, 'health' | 'clock'>): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/healthz',
      { config: { access: 'public' }, schema: { tags: ['operation'], response: { 200: Alive } } },
      async () => ({ status: 'ok' as const }),
    )

    app.get(
      '/readyz',
      { config: { access: 'public' }, schema: { tags: ['operation'], response: { 200: Health, 503: Health } } },
      async (request, reply) => {
        const report = await runHealthChecks(health, (check, err) => request.log.warn({ err, check }, 'check failed'))
        return reply.code(report.status === 'ok' ? 200 : 503).send({ ...report, serverTime: clock.now() })
      },
    )

    app.get(
      '/api/v1/health',
      { config: { access: 'self', scope: 'site' }, schema: { tags: ['operation'], response: { 200: Health } } },
      async (request) => {
        const report = await runHealthChecks(health, (check, err) => request.log.warn({ err, check }, 'check failed'))
        return { ...report, serverTime: clock.now() }
      },
    )
  }
