import { enrol } from '../adapters/http-uplink/enrol.ts'
import type { Logger } from 'pino'
import type { Reach } from '../adapters/http-uplink/exchange.ts'
import type { KeyStore } from '../adapters/key-store.ts'
import type { Config } from '../config.ts'

/** Shows the claim to the server and keeps what the server calls this hub. One that is paired already gets a new key. */
export const pair = async (
  keys: KeyStore,
  reach: Reach,
  claim: NonNullable<Config['enrol']>,
  signal: AbortSignal,
  log: Logger,
): Promise<void> => {
  const { claimId, code } = claim
  const again = keys.pairing !== null
  const key = again ? await keys.next(claimId) : keys.key
  const { hubId, keyId, serverTime } = await enrol(reach, { claimId, code: code.reveal() }, key, signal)
  const pairing = { hubId, keyId, server: reach.server.origin, keySince: serverTime, claimId }
  await (again ? keys.adopted(pairing) : keys.paired(pairing))
  log.info({ hubId, keyId }, 'hub is paired')
}
