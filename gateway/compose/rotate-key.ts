import { GatewayError, gatewayErrorCode } from '../core/errors.ts'
import type { Logger } from 'pino'
import type { RotateReply } from '#domain/uplink/envelope.ts'
import type { HttpUplink } from '../adapters/http-uplink/http-uplink.ts'
import type { KeyStore } from '../adapters/key-store.ts'

/**
 * Replaces the hub's key: the new one is on the disk before the server hears of it, and in use once the server has answered.
 * Begun and interrupted at any place, it goes on with the same new key (security.md 2.5).
 */
export const rotateKey = async (
  keys: KeyStore,
  uplink: Pick<HttpUplink, 'rotate'>,
  signal: AbortSignal,
  log: Logger,
): Promise<void> => {
  const { pairing } = keys
  const old = keys.signer()
  if (pairing === null || old === null) throw new GatewayError('GW_NOT_PAIRED', 'this hub is not paired with a server')
  const next = await keys.next(null)
  const ask = (signWith: typeof old) => uplink.rotate(pairing.hubId, next, signWith, signal)
  const askAtAll = async (): Promise<RotateReply> => {
    try {
      return await ask(old)
    } catch (error) {
      if (gatewayErrorCode(error) !== 'GW_UPLINK_HUB_REFUSED') throw error
      // The old key may have ended while the hub was off, after the server took the new one.
      return ask(next)
    }
  }
  const reply = await askAtAll()
  await keys.adopted({ ...pairing, keyId: reply.keyId, keySince: reply.serverTime })
  log.info({ keyId: reply.keyId, oldUntil: new Date(reply.oldValidUntil).toISOString() }, 'hub has a new key')
}
