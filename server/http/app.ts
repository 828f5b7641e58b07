import fastifySwagger from '@fastify/swagger'
import fastifySwaggerUi from '@fastify/swagger-ui'
import fastify, { LogController } from 'fastify'
import type { FastifyInstance } from 'fastify'
import { jsonSchemaTransform, serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import { PumpUses } from '#server/core/pump-uses.ts'
import { useAccess } from './access.ts'
import { useDashboard } from './dashboard.ts'
import type { AppDependencies } from './dependencies.ts'
import { useProblems } from './error-handler.ts'
import { useLooks } from './patient-looks.ts'
import { analyticsRoutes } from './routes/analytics.ts'
import { replayRoutes } from './routes/replay.ts'
import { triageRoutes } from './routes/triage.ts'
import { adherenceRoutes } from './routes/adherence.ts'
import { alarmActRoutes } from './routes/alarm-acts.ts'
import { alarmRoutes } from './routes/alarms.ts'
import { assignmentRoutes } from './routes/assignments.ts'
import { assignTeamRoutes } from './routes/assign-team.ts'
import { factorRoutes } from './routes/factors.ts'
import { handOverRoutes } from './routes/hand-over.ts'
import { healthRoutes } from './routes/health.ts'
import { onCallRoutes } from './routes/on-call.ts'
import { pumpAboutRoutes } from './routes/pump-about.ts'
import { pumpRoutes } from './routes/pumps.ts'
import { rosterRoutes } from './routes/roster.ts'
import { sessionRoutes } from './routes/session.ts'
import { simulatorRoutes } from './routes/simulators.ts'
import { supplyRoutes } from './routes/supply.ts'
import { teamRoutes } from './routes/teams.ts'
import { useGivingWay } from './give-way.ts'
import { httpLimits, parserLimits } from './http-limits.ts'
import { useJsonBodies } from './json-depth.ts'
import { useSecurityHeaders } from './security-headers.ts'

/** Another product's banner and address field have no place on our page. */
const plainDocs = '.swagger-ui .topbar { display: none }'

/** The whole HTTP interface, not yet listening. Limits: security.md 6. */
export const buildApp = async (deps: AppDependencies): Promise<FastifyInstance> => {
  const options = {
    ...httpLimits,
    loggerInstance: deps.logger,
    // One line per request would drown what matters: hubs send several a second.
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: deps.newRequestId,
    // Whoever is not on the list could call himself anybody: never `true`, never a count of hops.
    trustProxy: deps.trustedProxies.length === 0 ? false : [...deps.trustedProxies],
  }
  const app: FastifyInstance =
    deps.tls === null
      ? fastify({ ...options, http: parserLimits })
      : fastify({ ...options, https: { ...parserLimits, ...deps.tls } })
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.removeContentTypeParser(['text/plain', 'application/json'])
  useJsonBodies(app)

  useProblems(app, deps.clock)
  useSecurityHeaders(app, deps.origins)
  useGivingWay(app, deps.shedding)
  useAccess(app, deps)
  useLooks(app, deps.sightings)

  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: deps.site.name,
        version: deps.site.version,
        description: 'Research and demonstration software, not a medical device. Rely on the pump’s own alarm.',
      },
      tags: [
        { name: 'people', description: 'For the dashboard and other clients of people, with a session cookie' },
        { name: 'hubs', description: 'For home hubs, with signed requests' },
        ...(deps.simulators === null
          ? []
          : [{ name: 'simulators', description: 'For engineers who drive simulated pumps, in a demonstration only' }]),
        { name: 'operation', description: 'For whoever runs the server' },
      ],
    },
    transform: jsonSchemaTransform,
  })
  await app.register(fastifySwaggerUi, {
    routePrefix: '/api/docs',
    uiConfig: { docExpansion: 'list' },
    theme: { title: `${deps.site.name}: interface for programs`, css: [{ filename: 'plain.css', content: plainDocs }] },
  })
  app.get('/api/openapi.json', { schema: { hide: true } }, async () => app.swagger())

  await app.register(healthRoutes(deps))
  await app.register(sessionRoutes(deps), { prefix: '/api/v1' })
  await app.register(factorRoutes(deps), { prefix: '/api/v1' })
  await app.register(pumpRoutes(deps), { prefix: '/api/v1' })
  const uses = new PumpUses({
    assignments: deps.assignments,
    teamName: (teamId) => deps.onCall.team(teamId)?.name ?? null,
    facilityTimeZone: deps.site.facilityTimeZone,
  })
  await app.register(pumpAboutRoutes({ ...deps, uses }), { prefix: '/api/v1' })
  await app.register(rosterRoutes({ ...deps, uses }), { prefix: '/api/v1' })
  await app.register(supplyRoutes({ ...deps, uses }), { prefix: '/api/v1' })
  await app.register(adherenceRoutes(deps), { prefix: '/api/v1' })
  await app.register(alarmRoutes(deps), { prefix: '/api/v1' })
  await app.register(assignmentRoutes(deps), { prefix: '/api/v1' })
  await app.register(assignTeamRoutes(deps), { prefix: '/api/v1' })
  await app.register(onCallRoutes(deps), { prefix: '/api/v1' })
  await app.register(teamRoutes(deps), { prefix: '/api/v1' })
  await app.register(handOverRoutes(deps), { prefix: '/api/v1' })
  if (deps.simulators !== null)
    await app.register(simulatorRoutes(deps.simulators, deps), { prefix: '/api/v1/simulators' })
  await app.register(alarmActRoutes(deps), { prefix: '/api/v1' })
  await app.register(triageRoutes(deps), { prefix: '/api/v1' })
  await app.register(replayRoutes(deps), { prefix: '/api/v1' })
  await app.register(analyticsRoutes(deps), { prefix: '/api/v1' })
  for (const routes of deps.peopleRoutes ?? []) await app.register(routes, { prefix: '/api/v1' })
  if (deps.hubRoutes !== null) await app.register(deps.hubRoutes)
  await useDashboard(app, deps.dashboard.dir, deps.dashboard.built, deps.clock)
  return app
}
