import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { PumpId } from '#domain/ids.ts'
import { Problem } from '#domain/live/api.ts'
import { ExportQuery, type ExportFormat } from '#domain/live/export.ts'
import { lookAt } from '#server/core/audit-sightings.ts'
import type { ExportSource } from '#server/core/export/export-rows.ts'
import { gapOf, historyExport } from '#server/core/export/history-export.ts'
import { identityOf, sightFor } from '../access.ts'
import type { AppDependencies } from '../dependencies.ts'
import { seesPatients } from '../patient-looks.ts'
import { HttpProblem } from '../problem.ts'

export interface PumpExportParts extends Pick<AppDependencies, 'picture' | 'sightings' | 'clock'> {
  readonly source: ExportSource
  readonly site: Pick<AppDependencies['site'], 'name' | 'facilityTimeZone'>
  /** How long samples are kept, days. */
  readonly sampleDays: number
}

const dayMs = 86_400_000
const types: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  jsonl: 'application/x-ndjson; charset=utf-8',
}

const isoTime = (ms: number): string => new Date(ms).toISOString()
/** Of the device only: no label stands in a file's name. */
const stamp = (ms: number): string => isoTime(ms).slice(0, 16).replaceAll(/[-:]/g, '')

export const pumpExportRoutes =
  ({ picture, sightings, clock, source, site, sampleDays }: PumpExportParts): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/pumps/:pumpId/export',
      {
        config: { givesWay: true, access: 'history.export', scope: 'pump' },
        schema: {
          tags: ['people'],
          summary:
            'All of a pump’s history in that time as CSV or JSON lines, with units and gaps. A look is recorded first.',
          params: z.strictObject({ pumpId: PumpId }),
          querystring: ExportQuery.strict(),
          response: {
            200: z.unknown().describe('text/csv or application/x-ndjson'),
            400: Problem,
            403: Problem,
            404: Problem,
          },
        },
      },
      async (request, reply) => {
        const { pumpId } = request.params
        const { to, format, resolution } = request.query
        if (to <= request.query.from)
          throw new HttpProblem('invalid_request', { detail: '"to" must be later than "from".' })
        const pump = picture.pump(pumpId)
        if (pump === null) throw new HttpProblem('not_found')
        const identity = identityOf(request)
        // What the pump told in another team is that team's: it may have been another patient.
        const since = sightFor(request).scope.since(pumpId)
        if (since === null || since >= to)
          throw new HttpProblem('invalid_request', { detail: 'In this time the pump belonged to another team.' })
        const from = Math.max(request.query.from, since)
        if (seesPatients(identity)) await sightings.saw([lookAt(identity.userId, `pump:${pumpId}`)])
        const channel = request.query.channel ?? (pump.otherChannels.length > 0 ? pump.sample?.channelId : undefined)
        const question = { pumpId, from, to, resolution, channel, gapMs: gapOf(resolution, pump.statusIntervalMs) }
        const now = clock.now()
        const head = {
          simulated: pump.simulated,
          site: site.name,
          timeZone: site.facilityTimeZone,
          samplesSince: now - sampleDays * dayMs,
          madeAt: now,
        }
        return reply
          .header('content-type', types[format])
          .header('cache-control', 'no-store')
          .header('content-disposition', `attachment; filename="${pumpId}_${stamp(from)}Z_${stamp(to)}Z.${format}"`)
          .send(ReadableStream.from(historyExport(source, question, format, head, isoTime)))
      },
    )
  }
