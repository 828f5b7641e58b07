import { EnrolNonceReply, EnrolReply, enrolMessage, uplinkVersion } from '#domain/uplink/envelope.ts'
import { GatewayError } from '../../core/errors.ts'
import { Channel } from './exchange.ts'
import type { Reach, Reply } from './exchange.ts'
import type { Signer } from './signed-request.ts'

export interface Claim {
  readonly claimId: string
  readonly code: string
}

export interface NewKey extends Signer {
  /** Raw 32 bytes, base64. */
  readonly publicKey: string
}

/** Both ends sign and compare one spelling: upper case, nothing but the characters, Crockford's look-alikes resolved. */
export const normalizeCode = (code: string): string =>
  code.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1')

const bodyOf = ({ status, body, retryAfterMs }: Reply): unknown => {
  if (status === 200 || status === 201) return body
  if (status === 429 || status >= 500)
    throw new GatewayError(
      'GW_UPLINK_BUSY',
      `the server answers ${status}`,
      retryAfterMs === null ? {} : { retryAfterMs },
    )
  throw new GatewayError(
    'GW_PAIRING_REFUSED',
    `the server refuses the claim (${status}): the code is wrong, used or older than 10 minutes`,
  )
}

/**
 * Pairs this hub: shows the claim code and the new key's signature over it and a fresh nonce. Rejects with
 * `GW_UPLINK_UNREACHABLE` or `GW_UPLINK_BUSY` (try again) or `GW_PAIRING_REFUSED` (ask for a new code).
 */
export const enrol = async (reach: Reach, claim: Claim, key: NewKey, signal: AbortSignal): Promise<EnrolReply> => {
  const { server } = reach
  using channel = new Channel(reach)
  const post = async (path: string, body: unknown): Promise<unknown> => {
    const headers = { 'content-type': 'application/json' }
    return bodyOf(await channel.post(new URL(path, server), headers, Buffer.from(JSON.stringify(body)), signal))
  }
  const { claimId } = claim
  const code = normalizeCode(claim.code)
  const nonceReply = EnrolNonceReply.safeParse(await post('/hub/v1/enrol-nonce', { v: uplinkVersion, claimId }))
  if (!nonceReply.success) throw new GatewayError('GW_UPLINK_BAD_REPLY', 'the server gives no nonce')
  const { nonce } = nonceReply.data
  const reply = EnrolReply.safeParse(
    await post('/hub/v1/enrol', {
      v: uplinkVersion,
      claimId,
      code,
      nonce,
      publicKey: key.publicKey,
      signature: key.sign(enrolMessage(claimId, code, nonce)),
    }),
  )
  if (!reply.success) throw new GatewayError('GW_UPLINK_BAD_REPLY', 'the server gives no identity')
  return reply.data
}
