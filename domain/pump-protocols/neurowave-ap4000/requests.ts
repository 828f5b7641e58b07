import type { AllowedRequest } from '../whitelist.ts'
import { neurowaveFrame } from './frame.ts'

/**
 * Everything that may ever be sent (neurowave-ap4000.md 2). The slot's alphabet holds no separator, so no field can follow; that it is
 * the id of the pump on this port is the session's part, which takes it from the pump's own reply and from nowhere else.
 */
export const statusSlot = /^[0-9]{3}-[0-9]{2}-[0-9]{2}-[0-9]{3}$/

export const connectRequest = (): Uint8Array => neurowaveFrame('CONNREQ')

/** `systemId`: of the last valid CONNREQ reply. */
export const statusRequest = (systemId: string): Uint8Array => neurowaveFrame(`STATREQ^${systemId}`)

export const neurowaveWhitelist: readonly AllowedRequest[] = [
  {
    shape: '!CONNREQ|02B3 CR LF',
    slots: /^!CONNREQ\|02B3\r\n$/,
    build: connectRequest,
  },
  {
    shape: '!STATREQ^<system id>|<sum> CR LF',
    slots: /^!STATREQ\^([0-9]{3}-[0-9]{2}-[0-9]{2}-[0-9]{3})\|[0-9A-F]{4}\r\n$/,
    build: ([systemId = '']) => statusRequest(systemId),
  },
]
