import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify'
import { serializerCompiler } from 'fastify-type-provider-zod'
import { Problem } from '#domain/live/api.ts'
import {
  Batch,
  EnrolNonceReply,
  EnrolNonceRequest,
  EnrolReply,
  EnrolRequest,
  Heartbeat,
  HeartbeatReply,
  maxBatchBytes,
  RotateReply,
  RotateRequest,
  ServerTimeReply,
} from '#domain/uplink/envelope.ts'
import { traceOf } from '#domain/uplink/trace.ts'
import type { Lane } from '#domain/uplink/records.ts'
import { BatchReply } from '#domain/uplink/verdicts.ts'
import type { HubUplink } from '#server/core/hub-uplink.ts'
import { bodyReader, keepBodiesRaw } from './hub-body.ts'
import { problemOf, sendProblem } from './hub-problems.ts'
import { useGate } from './hub-gate.ts'
import { signedRequests } from './hub-signed.ts'

const tags = ['hubs']
const pairingBytes = 4096

/** `/hub/v1`: what hubs say to the server. Register without a prefix. */
export const hubRoutes =
  (uplink: HubUplink): FastifyPluginAsync =>
  async (app) => {
    keepBodiesRaw(app)
    app.addHook('onRequest', async (request, reply) => {
      if (!isModern(request.raw.socket))
        return sendProblem(request, reply, 'tls_too_old', { serverTime: uplink.clock.now() })
    })
    const traced = (request: FastifyRequest, _reply: unknown, done: () => void): void => {
      const header = request.headers['traceparent']
      uplink.inTrace(traceOf(typeof header === 'string' ? header : undefined), done)
    }
    app.addHook('onRequest', traced)
    // Again once the body is there: it comes in nobody's context.
    app.addHook('preHandler', traced)
    // Bodies are checked by hand behind the signature; the schemas below document them.
    app.setValidatorCompiler(() => (value: unknown) => ({ value }))
    app.setSerializerCompiler(serializerCompiler)
    app.setErrorHandler((error, request, reply) => {
      const code = problemOf(error)
      if (code === 'internal') request.log.error({ err: error }, 'A hub request failed.')
      return sendProblem(request, reply, code, { serverTime: uplink.clock.now() })
    })
    useGate(app, uplink)
    await app.register(enrolmentRoutes(uplink))
    await app.register(timeRoute(uplink))
    await app.register(signedRoutes(uplink))
  }

/** Behind a proxy it is the proxy's to insist on TLS 1.3. */
const isModern = (socket: object): boolean =>
  !('getProtocol' in socket && typeof socket.getProtocol === 'function') || socket.getProtocol() === 'TLSv1.3'

const signedRoutes =
  (uplink: HubUplink): FastifyPluginAsync =>
  async (app) => {
    const sender = signedRequests(app, uplink)
    const read = bodyReader(app)
    const { clock, ingest, heartbeat, rotation, figures, log } = uplink
    const answers = { 400: Problem, 401: Problem, 403: Problem, 413: Problem, 415: Problem, 503: Problem }

    const batchRoute = (lane: Lane, summary: string) =>
      app.post(
        `/hub/v1/${lane}`,
        {
          bodyLimit: maxBatchBytes,
          config: { lane },
          schema: { tags, summary, body: Batch, response: { 200: BatchReply, ...answers } },
        },
        async (request, reply) => {
          const receivedAt = clock.now()
          const key = await sender(request, reply)
          if (key === null) return reply
          const batch = await read(request, Batch)
          if (!batch.ok)
            return sendProblem(request, reply, 'bad_request', { serverTime: clock.now(), detail: batch.detail })
          const verdicts = await ingest.accept(key.hubId, lane, batch.body, receivedAt)
          figures.answered(lane, verdicts)
          const ms = clock.now() - receivedAt
          log.debug({ hubId: key.hubId, lane, count: verdicts.length, ms }, 'A batch was answered.')
          return reply.send({ serverTime: clock.now(), verdicts })
        },
      )
    batchRoute('alarm', 'Records of the alarm lane; one verdict each, after the journal has committed')
    batchRoute('telemetry', 'Samples; one verdict each, after the telemetry store has written')

    app.post(
      '/hub/v1/heartbeat',
      {
        bodyLimit: maxBatchBytes,
        config: { lane: 'heartbeat' },
        schema: {
          tags,
          summary: 'Sign of life, every 10 s and first in a boot; its absence raises an alarm',
          body: Heartbeat,
          response: { 200: HeartbeatReply, ...answers },
        },
      },
      async (request, reply) => {
        const receivedAt = clock.now()
        const key = await sender(request, reply)
        if (key === null) return reply
        const message = await read(request, Heartbeat)
        if (!message.ok)
          return sendProblem(request, reply, 'bad_request', { serverTime: clock.now(), detail: message.detail })
        const answer = await heartbeat.receive(key.hubId, message.body, receivedAt)
        uplink.cameFrom(key.hubId, request.ip)
        return reply.send(answer)
      },
    )

    app.post(
      '/hub/v1/rotate-key',
      {
        bodyLimit: pairingBytes,
        config: { lane: 'keys' },
        schema: {
          tags,
          summary: 'A new key for this hub; the old one stays good for 24 h',
          body: RotateRequest,
          response: { 200: RotateReply, ...answers, 409: Problem },
        },
      },
      async (request, reply) => {
        const key = await sender(request, reply)
        if (key === null) return reply
        const { hubId, keyId: oldKeyId } = key
        const serverTime = clock.now()
        const message = await read(request, RotateRequest)
        if (!message.ok) return sendProblem(request, reply, 'bad_request', { serverTime, detail: message.detail })
        const rotated = await rotation.rotate(key, message.body)
        if (typeof rotated === 'string') {
          log.warn({ hubId, code: rotated, address: request.ip }, 'A new key was refused.')
          return sendProblem(request, reply, rotated, { serverTime })
        }
        log.info({ hubId, oldKeyId, keyId: rotated.keyId }, 'A hub has a new key.')
        return reply.send({ ...rotated, serverTime })
      },
    )
  }

const timeRoute =
  ({ clock }: HubUplink): FastifyPluginAsync =>
  async (app) => {
    app.get(
      '/hub/v1/time',
      {
        config: { lane: 'time' },
        schema: {
          tags,
          summary: 'The server time, for a hub whose clock cannot judge certificates yet; tells and asks nothing else',
          response: { 200: ServerTimeReply },
        },
      },
      async () => ({ serverTime: clock.now() }),
    )
  }

const enrolmentRoutes =
  (uplink: HubUplink): FastifyPluginAsync =>
  async (app: FastifyInstance) => {
    const read = bodyReader(app)
    const { clock, enrolment, log } = uplink
    const answers = { 400: Problem, 401: Problem, 403: Problem, 413: Problem, 415: Problem, 503: Problem }

    app.post(
      '/hub/v1/enrol-nonce',
      {
        bodyLimit: pairingBytes,
        config: { lane: 'pairing' },
        schema: {
          tags,
          summary: 'A number to sign, good once and for 60 s',
          body: EnrolNonceRequest,
          response: { 200: EnrolNonceReply, ...answers },
        },
      },
      async (request, reply) => {
        const serverTime = clock.now()
        const message = await read(request, EnrolNonceRequest)
        if (!message.ok) return sendProblem(request, reply, 'bad_request', { serverTime, detail: message.detail })
        const nonce = await enrolment.nonce(message.body.claimId)
        return nonce === null ? sendProblem(request, reply, 'claim_refused', { serverTime }) : reply.send(nonce)
      },
    )

    app.post(
      '/hub/v1/enrol',
      {
        bodyLimit: pairingBytes,
        config: { lane: 'pairing' },
        schema: {
          tags,
          summary: 'A claim code and a new public key, for a hub id',
          body: EnrolRequest,
          response: { 200: EnrolReply, ...answers },
        },
      },
      async (request, reply) => {
        const serverTime = clock.now()
        const message = await read(request, EnrolRequest)
        if (!message.ok) return sendProblem(request, reply, 'bad_request', { serverTime, detail: message.detail })
        const enrolled = await enrolment.enrol(message.body)
        const { claimId } = message.body
        if (typeof enrolled === 'string') {
          log.warn({ claimId, code: enrolled, address: request.ip }, 'An enrolment was refused.')
          return sendProblem(request, reply, enrolled, { serverTime })
        }
        log.info({ ...enrolled, claimId }, 'A hub enrolled.')
        return reply.send({ ...enrolled, serverTime })
      },
    )
  }
