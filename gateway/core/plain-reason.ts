import type { LinkState } from '#domain/uplink/envelope.ts'

export interface SilentPort {
  readonly kind: 'serial' | 'tcp' | 'mqtt'
  readonly link: LinkState
  /** `GW_…` code of what keeps the port closed; null: it is open, or was not tried yet. */
  readonly code: string | null
  readonly bytesReceived: number
}

const team = 'Your team has to set this right.'

/** Why nothing is heard from a pump, for somebody who holds the cable in his hand. Null: there is nothing more to say. */
export const plainReason = ({ kind, link, code, bytesReceived }: SilentPort): string | null => {
  switch (code) {
    case 'GW_PORT_MISSING':
      return kind === 'serial'
        ? 'The cable is not plugged into this box.'
        : 'The pump’s network adapter does not answer. Is it switched on?'
    case 'GW_PORT_FORBIDDEN':
      return `This box has no right to use the cable’s socket. ${team}`
    case 'GW_PORT_BUSY':
      return kind === 'serial'
        ? `Another program on this box uses the cable’s socket. ${team}`
        : `Somebody else uses the pump’s network adapter. ${team}`
    case 'GW_PORT_NOT_RAW':
      return `The pump’s network adapter speaks telnet or RFC 2217, and has to be set to raw. ${team}`
    case 'GW_LINK_LOST':
      return kind === 'serial' ? 'The cable was pulled out.' : 'The pump’s network adapter hung up.'
    case null:
      break
    default:
      return `The cable’s socket does not work. ${team}`
  }
  if (link === 'closed' || kind === 'mqtt') return null
  return bytesReceived > 0
    ? `Something is heard on the cable, but not understood: wrong pump, speed or setting. ${team}`
    : 'The cable is there, but nothing comes through it. Is it plugged into the pump, and is the pump on?'
}
