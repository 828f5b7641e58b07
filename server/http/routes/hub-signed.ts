import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { HubId } from '#domain/ids.ts'
import { maxBatchBytes } from '#domain/uplink/envelope.ts'
import type { HubUplink } from '#server/core/hub-uplink.ts'
import type { HubKey } from '#server/core/ports.ts'
import type { AcceptedHead, RequestHead } from '#server/core/signature-check.ts'
import { rawBody } from './hub-body.ts'
import { laneOf } from './hub-gate.ts'
import { sendProblem } from './hub-problems.ts'

const jsonType = /^application\/json(;\s*charset=utf-8)?$/i
/** Both signature headers together. */
const signatureBytes = 4096

/**
 * Checks on a signed request that need no body, in the order of security.md 2.2, before the body is read. Returns the key that signed
 * it, once the body is there, or null when the request has been answered.
 */
export const signedRequests = (app: FastifyInstance, uplink: HubUplink) => {
  const heads = new WeakMap<FastifyRequest, AcceptedHead>()
  const { signatures, heartbeats, gate, clock, log } = uplink

  const refuse = (
    request: FastifyRequest,
    reply: FastifyReply,
    code: Parameters<typeof sendProblem>[2],
    hub: HubId | null,
  ) => {
    const isWorthALine = gate.failed(request.ip, code)
    if (code === 'revoked' && hub !== null) heartbeats.refused(hub)
    if (isWorthALine)
      log.warn({ code, hubId: hub, address: request.ip, path: request.url.slice(0, 100) }, 'A hub request was refused.')
    return sendProblem(request, reply, code, { serverTime: clock.now() })
  }

  app.addHook('onRequest', async (request, reply) => {
    if (Number(request.headers['content-length'] ?? 0) > maxBatchBytes) return refuse(request, reply, 'too_large', null)
    if (!jsonType.test(request.headers['content-type'] ?? '') || request.headers['content-encoding'] !== undefined)
      return refuse(request, reply, 'unsupported_media_type', null)
    const checked = await signatures.head(headOf(request))
    if (!checked.ok) return refuse(request, reply, checked.code, checked.hubId)
    // What comes from there is forged as a rule, and then its body need not be read.
    if (gate.isStrange(request.ip) && !signatures.isSigned(checked.value))
      return refuse(request, reply, 'bad_signature', checked.value.key.hubId)
    heads.set(request, checked.value)
  })

  return async (request: FastifyRequest, reply: FastifyReply): Promise<HubKey | null> => {
    const head = heads.get(request)
    if (head === undefined) throw new TypeError('a signed route was reached without its check')
    const checked = signatures.body(head, rawBody(request))
    if (!checked.ok) {
      await refuse(request, reply, checked.code, checked.hubId)
      return null
    }
    const limit = gate.proven(laneOf(request), checked.value.hubId)
    if (limit === null) return checked.value
    await sendProblem(request, reply, limit, { serverTime: clock.now() })
    return null
  }
}

const headOf = (request: FastifyRequest): RequestHead => {
  const once = (name: string): string | undefined => {
    const { rawHeaders } = request.raw
    let value: string | undefined
    for (let at = 0; at < rawHeaders.length; at += 2) {
      if (rawHeaders[at]?.toLowerCase() !== name) continue
      if (value !== undefined) return undefined
      value = rawHeaders[at + 1]?.trim()
    }
    return value
  }
  const url = request.raw.url ?? '/'
  const mark = url.indexOf('?')
  const signatureInput = once('signature-input')
  const signature = once('signature')
  const tooLong = (signatureInput?.length ?? 0) + (signature?.length ?? 0) > signatureBytes
  return {
    method: request.method,
    authority: once('host'),
    path: mark === -1 ? url : url.slice(0, mark),
    query: mark === -1 ? '' : url.slice(mark),
    contentType: once('content-type'),
    contentDigest: once('content-digest'),
    signatureInput: tooLong ? undefined : signatureInput,
    signature: tooLong ? undefined : signature,
  }
}
