import { enrol } from '../adapters/http-uplink/enrol.ts'
import type { Logger } from 'pino'
import type { KeyStore } from '../adapters/key-store.ts'
import type { Config } from '../config.ts'

/** Shows the claim to the server and keeps what the server calls this hub. */
export const pair = async (
  keys: KeyStore,
  server: URL,
  claim: NonNullable<Config['enrol']>,
  signal: AbortSignal,
  log: Logger,
): Promise<void> => {
  const { claimId, code } = claim
  const { hubId, keyId } = await enrol(server, { claimId, code: code.reveal() }, keys, signal)
  await keys.paired({ hubId, keyId, server: server.origin })
  log.info({ hubId, keyId }, 'hub is paired')
}
