import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { Problem, ShiftCheckBody, ShiftCheckState } from '#domain/live/api.ts'
import type { ShiftChecks } from '#server/core/path/shift-checks.ts'
import { identityOf } from '../access.ts'

const own = { config: { access: 'page.receive', scope: 'self' } } as const

/** One's own word about an audible test page. */
export const shiftCheckRoutes =
  (checks: Pick<ShiftChecks, 'add' | 'last'>): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/shift-check',
      {
        ...own,
        schema: {
          tags: ['people'],
          summary: 'When you last said whether you heard a test page.',
          response: { 200: ShiftCheckState, 401: Problem },
        },
      },
      (request) => ({ check: viewOf(checks.last(identityOf(request).userId)) }),
    )

    app.post(
      '/shift-check',
      {
        ...own,
        schema: {
          tags: ['people'],
          summary: 'Say whether you heard the test page of this screen.',
          body: ShiftCheckBody,
          response: { 200: ShiftCheckState, 401: Problem },
        },
      },
      async (request) => ({ check: viewOf(await checks.add(identityOf(request).userId, request.body.heard)) }),
    )
  }

const viewOf = (check: ReturnType<ShiftChecks['last']>): ShiftCheckState['check'] =>
  check === null ? null : { at: check.at, heard: check.heard }
