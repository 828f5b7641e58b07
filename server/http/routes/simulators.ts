import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { PumpId } from '#domain/ids.ts'
import { Problem } from '#domain/live/api.ts'
import {
  ActBody,
  Done,
  FleetBody,
  FleetState,
  KeyBody,
  programFaults,
  PumpFaultBody,
  SimulatedPumpDetail,
  SimulatorClock,
  SimulatorList,
  SpeedBody,
  StepBody,
  StoryBody,
  StoryList,
} from '#domain/simulators/control.ts'
import type { ControlAnswer } from '#server/core/simulator-control.ts'
import type { SimulatorDesk } from '#server/core/simulator-desk.ts'
import { identityOf, personOf } from '../access.ts'
import type { AppDependencies } from '../dependencies.ts'
import { HttpProblem } from '../problem.ts'
import type { ProblemCode } from '../problem.ts'

const config = { access: 'simulators.drive', scope: 'site' } as const
const tags = ['simulators']
const params = z.strictObject({ pumpId: PumpId })
const problems = { 400: Problem, 404: Problem, 409: Problem, 503: Problem }
/** More than any of these bodies needs. */
const bodyLimit = 4096
const nothing = z.strictObject({}).nullish()

const refusalCodes = {
  400: 'invalid_request',
  404: 'not_found',
  409: 'invalid_request',
  429: 'too_many_requests',
} as const satisfies Record<number, ProblemCode>

const doneOf = <T>(answer: ControlAnswer<T>): T => {
  switch (answer.kind) {
    case 'done':
      return answer.body
    case 'refused':
      throw new HttpProblem(refusalCodes[answer.status], { detail: answer.why })
    case 'away':
      throw new HttpProblem('unavailable', { detail: 'The simulators’ control port does not answer.' })
  }
}

/** What the control port says, as far as we know its words. */
const read = <S extends z.ZodType>(schema: S, answer: ControlAnswer<unknown>): z.output<S> => {
  const parsed = schema.safeParse(doneOf(answer))
  if (!parsed.success)
    throw new HttpProblem('unavailable', { detail: 'The simulators’ control port speaks another language.' })
  return parsed.data
}

/** Stories that leave programs alone, as the server does (`programFaults`). */
const told = async (control: SimulatorDesk['control']): Promise<StoryList['scenarios']> =>
  read(StoryList, await control.get('/scenarios')).scenarios.filter(({ programs }) => !programs)

/** Many pumps beside those of this machine, as hubs of their own. */
const fleetRoutes =
  ({ control, fleet }: SimulatorDesk): FastifyPluginAsyncZod =>
  async (app) => {
    const response = { 200: FleetState, ...problems }
    app.get('/fleet', { config, schema: { tags, summary: 'The fleet that runs, if any.', response } }, async () =>
      read(FleetState, await control.get('/fleet')),
    )
    app.post(
      '/fleet',
      {
        config,
        bodyLimit,
        schema: {
          tags,
          summary: 'Begins a fleet: its hubs are let in here. The one before ends.',
          body: FleetBody,
          response,
        },
      },
      async (request) => {
        const state = read(FleetState, await fleet.start(personOf(request), request.body))
        request.log.info({ userId: identityOf(request).userId, ...request.body }, 'simulated fleet begun')
        return state
      },
    )
    app.post(
      '/fleet/stop',
      { config, bodyLimit, schema: { tags, summary: 'Ends it; its hubs are revoked.', body: nothing, response } },
      async (request) => {
        const state = read(FleetState, await fleet.stop(personOf(request)))
        request.log.info({ userId: identityOf(request).userId }, 'simulated fleet ended')
        return state
      },
    )
  }

/** What engineers may do to simulated pumps, one route for each; nothing else of the control port is reached. */
export const simulatorRoutes =
  (desk: SimulatorDesk, { audit, clock }: Pick<AppDependencies, 'audit' | 'clock'>): FastifyPluginAsyncZod =>
  async (app) => {
    const { control } = desk

    // After the check of session, role and Origin.
    app.addHook('preHandler', async () => {
      if (!(await desk.isDemonstration())) throw new HttpProblem('not_a_demonstration')
    })

    const posted = async <S extends z.ZodType>(
      request: FastifyRequest,
      path: string,
      body: object,
      schema: S,
    ): Promise<z.output<S>> => {
      const { userId } = identityOf(request)
      const act = { actor: userId, action: 'simulator.drive', object: `simulator:${path}` } as const
      await audit.note([{ ...act, at: clock.now(), after: { ...body } }])
      const answer = read(schema, await control.post(path, body))
      // Who did what to which simulated pump: no body holds anything else.
      request.log.info({ userId, path, ...body }, 'simulated pump driven')
      return answer
    }

    app.get(
      '/pumps',
      {
        config,
        schema: {
          tags,
          summary: 'Simulated pumps as they really are, also while no hub reads them.',
          response: { 200: SimulatorList, ...problems },
        },
      },
      async () => read(SimulatorList, await control.get('/pumps')),
    )

    app.get(
      '/pumps/:pumpId',
      {
        config,
        schema: {
          tags,
          summary: 'One of them, with the keys, acts and faults that it has.',
          params,
          response: { 200: SimulatedPumpDetail, ...problems },
        },
      },
      async ({ params: { pumpId } }) => {
        const detail = read(SimulatedPumpDetail, await control.get(`/pumps/${pumpId}`))
        const possibleFaults = detail.possibleFaults.filter(({ fault }) => !programFaults.includes(fault))
        return { ...detail, possibleFaults }
      },
    )

    app.get(
      '/pumps/:pumpId/scenario',
      {
        config,
        schema: {
          tags,
          summary: 'What was done to it so far, as a scenario file (YAML).',
          params,
          response: { 200: z.string(), ...problems },
        },
      },
      async ({ params: { pumpId } }, reply) => {
        const text = doneOf(await control.text(`/pumps/${pumpId}/scenario`))
        return reply
          .header('content-type', 'application/yaml; charset=utf-8')
          .header('content-disposition', `attachment; filename="${pumpId}.yaml"`)
          .serializer(String)
          .send(text)
      },
    )

    app.get(
      '/pumps/:pumpId/wire',
      {
        config,
        schema: {
          tags,
          summary:
            'Its wire, live: a JSON line per chunk in either direction, decoded. Goes on until the reader leaves.',
          params,
          response: { 200: z.unknown().describe('application/x-ndjson'), ...problems },
        },
      },
      async (request, reply) => {
        const leave = desk.leave(identityOf(request).sessionHash)
        reply.raw.on('close', leave.end)
        const answer = await control.stream(`/pumps/${request.params.pumpId}/wire`, leave.signal)
        if (answer.kind !== 'done') leave.end()
        return reply.header('content-type', 'application/x-ndjson').send(doneOf(answer))
      },
    )

    const actions = { act: ActBody, fault: PumpFaultBody, key: KeyBody } as const
    const summaries = {
      act: 'Does something to the pump or to what surrounds it.',
      fault: 'Begins or ends a fault of its line or of the pump.',
      key: 'Presses a key on its own front.',
    } as const
    for (const what of ['act', 'fault', 'key'] as const)
      app.post(
        `/pumps/:pumpId/${what}`,
        {
          config,
          bodyLimit,
          schema: { tags, summary: summaries[what], params, body: actions[what], response: { 200: Done, ...problems } },
        },
        (request) => posted(request, `/pumps/${request.params.pumpId}/${what}`, request.body, Done),
      )

    app.get(
      '/scenarios',
      { config, schema: { tags, summary: 'Stories that can be told.', response: { 200: StoryList, ...problems } } },
      async () => ({ scenarios: await told(control) }),
    )

    app.post(
      '/pumps/:pumpId/scenario',
      {
        config,
        bodyLimit,
        schema: {
          tags,
          summary: 'Begins another story for it; faults of the one before end.',
          params,
          body: StoryBody,
          response: { 200: Done, ...problems },
        },
      },
      async (request) => {
        const { scenario } = request.body
        if (!(await told(control)).some(({ name }) => name === scenario))
          throw new HttpProblem('invalid_request', {
            detail: `There is no scenario ${scenario} that may be told from here.`,
          })
        return posted(request, `/pumps/${request.params.pumpId}/scenario`, request.body, Done)
      },
    )

    await app.register(fleetRoutes(desk))

    const paces = { speed: SpeedBody, pause: nothing, start: nothing, step: StepBody } as const
    for (const what of ['speed', 'pause', 'start', 'step'] as const) {
      const schema = { tags, body: paces[what], response: { 200: SimulatorClock, ...problems } }
      app.post(
        `/${what}`,
        { config, bodyLimit, schema: { ...schema, summary: `Virtual time of all simulated pumps: ${what}.` } },
        (request) => posted(request, `/${what}`, request.body ?? {}, SimulatorClock),
      )
      app.post(
        `/pumps/:pumpId/${what}`,
        { config, bodyLimit, schema: { ...schema, params, summary: `Virtual time of one simulated pump: ${what}.` } },
        (request) => posted(request, `/pumps/${request.params.pumpId}/${what}`, request.body ?? {}, SimulatorClock),
      )
    }
  }
