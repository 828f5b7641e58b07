import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { PumpId } from '#domain/ids.ts'
import type { Identity } from '#server/core/accounts.ts'
import { lookAt } from '#server/core/audit-sightings.ts'
import type { AuditSightings } from '#server/core/audit-sightings.ts'
import { may } from '#server/core/permissions.ts'

const pump = (pumpId: string): string => `pump:${pumpId}`
const OfPump = z.object({ pumpId: PumpId })
const Rows = z.object({ rows: z.array(z.object({ pump: OfPump })) })
const Sheet = z.object({
  alarms: z.array(z.object({ alarm: z.object({ pumpId: PumpId.nullable() }) })),
  watched: z.array(OfPump),
})
const Detail = z.object({ alarm: z.object({ pumpId: PumpId.nullable() }) })

type Shown = (params: unknown, answer: unknown) => readonly string[]

const asked: Shown = (params) => [pump(OfPump.parse(params).pumpId)]
const list =
  (name: string): Shown =>
  () => [`list:${name}`]

/**
 * Whose label, use or course an answer shows. A list of everybody is one row that says so; what somebody chose to look at has a row
 * for each pump.
 */
export const shownBy: Readonly<Record<string, Shown>> = {
  'GET /api/v1/pumps': list('pumps'),
  'GET /api/v1/assignments': list('assignments'),
  'GET /api/v1/replay': list('replay'),
  'GET /api/v1/pumps/:pumpId/history': asked,
  'GET /api/v1/pumps/:pumpId/about': asked,
  'GET /api/v1/pumps/:pumpId/adherence': asked,
  'GET /api/v1/adherence': (_, answer) => Rows.parse(answer).rows.map((row) => pump(row.pump.pumpId)),
  'GET /api/v1/supply': (_, answer) => Rows.parse(answer).rows.map((row) => pump(row.pump.pumpId)),
  'GET /api/v1/assignments/:pumpId/history': asked,
  'GET /api/v1/assignments/:pumpId/phone': asked,
  'POST /api/v1/roster': (_, answer) => Rows.parse(answer).rows.map((row) => pump(row.pump.pumpId)),
  'GET /api/v1/alarms/:episodeId': (_, answer) => {
    const { pumpId } = Detail.parse(answer).alarm
    return pumpId === null ? [] : [pump(pumpId)]
  },
  'GET /api/v1/hand-over': (_, answer) => {
    const { alarms, watched } = Sheet.parse(answer)
    return [...alarms.map(({ alarm }) => alarm), ...watched].flatMap(({ pumpId }) =>
      pumpId === null ? [] : [pump(pumpId)],
    )
  },
}

/** Engineers see devices, not patients. */
export const seesPatients = ({ role }: Pick<Identity, 'role'>): boolean => may(role, 'label.view')

/** Records who looked at whom, before the answer leaves (security.md 9). */
export const useLooks = (app: FastifyInstance, sightings: Pick<AuditSightings, 'saw'>): void => {
  app.addHook('preSerialization', async (request, reply, answer) => {
    const shown = shownBy[`${request.method} ${request.routeOptions.url}`]
    const identity = request.caller?.identity ?? null
    if (shown === undefined || identity === null || reply.statusCode >= 300 || !seesPatients(identity)) return answer
    await sightings.saw(shown(request.params, answer).map((object) => lookAt(identity.userId, object)))
    return answer
  })
}
