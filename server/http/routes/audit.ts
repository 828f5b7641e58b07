import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { AuditFilter, AuditPage, AuditQuery } from '#domain/audit/api.ts'
import type { AuditRow } from '#domain/audit/entry.ts'
import { Problem } from '#domain/live/api.ts'
import type { Clock } from '#domain/time.ts'
import type { AuditDesk } from '#server/core/audit-desk.ts'
import { csvHead, csvLine } from '#server/core/audit-lines.ts'
import { identityOf, personOf } from '../access.ts'

const isoTime = (ms: number): string => new Date(ms).toISOString()

/** A page at a time: the server goes on with its other work between two of them. */
async function* csvOf(pages: Iterable<readonly AuditRow[]>): AsyncIterable<string> {
  yield csvHead
  for (const rows of pages) yield rows.map((row) => csvLine(row, isoTime)).join('')
}

export const auditRoutes =
  (desk: AuditDesk, clock: Clock): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/audit',
      {
        config: { access: 'audit.view', scope: 'site' },
        schema: {
          tags: ['people'],
          summary: 'Who did what, newest first, and whether the chain of it holds.',
          querystring: AuditQuery,
          response: { 200: AuditPage, 400: Problem, 401: Problem, 403: Problem },
        },
      },
      async (request) => {
        const { rows, people, ...page } = await desk.page(personOf(request), request.query)
        return { ...page, rows: [...rows], people: [...people], serverTime: clock.now() }
      },
    )

    app.get(
      '/audit/export',
      {
        config: { givesWay: true, access: 'audit.view', scope: 'site' },
        schema: {
          tags: ['people'],
          summary: 'The same as CSV, all of it. That it was taken is recorded first.',
          querystring: AuditFilter,
          response: { 200: z.unknown().describe('text/csv'), 400: Problem, 401: Problem, 403: Problem },
        },
      },
      async (request, reply) => {
        const pages = await desk.export(identityOf(request).userId, request.query)
        return reply
          .header('content-type', 'text/csv; charset=utf-8')
          .header('content-disposition', 'attachment; filename="audit.csv"')
          .send(ReadableStream.from(csvOf(pages)))
      },
    )
  }
