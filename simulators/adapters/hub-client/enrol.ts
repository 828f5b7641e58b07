import { setTimeout as pause } from 'node:timers/promises'
import { EnrolNonceReply, EnrolReply, enrolMessage, uplinkVersion } from '#domain/uplink/envelope.ts'
import { SimulatorError } from '../../core/errors.ts'
import { Exchange, type Reply } from './exchange.ts'
import type { Claim } from '../../core/hub/claims.ts'
import type { HubKey } from './hub-key.ts'

/** "Not now", with a time: a server pairs only so many of one address at once. */
const isForLater = ({ status, retryAfterMs }: Reply): boolean =>
  (status === 429 || status === 503) && retryAfterMs !== null

/** Shows a claim to the server and becomes a hub, however long it is told to wait. Rejects with `SIM_SERVER_REFUSED`. */
export const enrol = async (server: URL, claim: Claim, key: HubKey, signal: AbortSignal): Promise<EnrolReply> => {
  using exchange = new Exchange(server)
  const post = async (path: string, body: object): Promise<unknown> => {
    const bytes = Buffer.from(JSON.stringify({ v: uplinkVersion, ...body }))
    const headers = { 'content-type': 'application/json' }
    const ask = async (): Promise<Reply> =>
      await exchange.post(new URL(path, server), headers, bytes, signal).catch((cause: unknown) => {
        throw new SimulatorError('SIM_SERVER_REFUSED', `${server.origin} cannot be reached.`, { cause })
      })
    let reply = await ask()
    while (isForLater(reply)) {
      await pause(reply.retryAfterMs ?? 0, undefined, { signal })
      reply = await ask()
    }
    if (reply.status === 200 || reply.status === 201) return reply.body
    const why = reply.status === 403 ? ': it is wrong, used or older than 10 minutes' : ''
    throw new SimulatorError('SIM_SERVER_REFUSED', `The server refuses claim ${claim.claimId} (${reply.status})${why}.`)
  }
  const { claimId, code } = claim
  const asked = EnrolNonceReply.safeParse(await post('/hub/v1/enrol-nonce', { claimId }))
  if (!asked.success) throw new SimulatorError('SIM_SERVER_REFUSED', `${server.origin} gives no nonce.`)
  const { nonce } = asked.data
  const signature = key.sign(enrolMessage(claimId, code, nonce))
  const answer = await post('/hub/v1/enrol', { claimId, code, nonce, publicKey: key.publicKey, signature })
  const enrolled = EnrolReply.safeParse(answer)
  if (!enrolled.success) throw new SimulatorError('SIM_SERVER_REFUSED', `${server.origin} gives no identity.`)
  return enrolled.data
}
