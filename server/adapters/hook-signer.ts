import { createHmac } from 'node:crypto'
import type { HookSigner } from '#server/core/webhooks.ts'

/** As in Standard Webhooks: `whsec_` says that base64 follows; any other secret is taken as it stands. */
export const signHook: HookSigner = (secret, text) => {
  const value = secret.reveal()
  const key = value.startsWith('whsec_') ? Buffer.from(value.slice('whsec_'.length), 'base64') : Buffer.from(value)
  return createHmac('sha256', key).update(text).digest('base64')
}
