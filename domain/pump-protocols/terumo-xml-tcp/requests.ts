import { base64Bytes } from '../base64.ts'
import type { AllowedRequest } from '../whitelist.ts'
import { terumoPacket } from './frame.ts'
import { commandXml } from './messages/command.ts'
import { identityRequestXml } from './messages/identity-request.ts'

/** Sequence numbers of a gateway: 00 to 7E. */
export const lastSequence = 0x7e

export const identityRequest = (): Uint8Array => terumoPacket(identityRequestXml)

/** Basic operating status: command 01, subcommand 0000, no data. */
export const statusRequest = (id: string, sequence: number): Uint8Array =>
  terumoPacket(commandXml('REQ', { id, bytes: Uint8Array.of(sequence, 0x01, 0x00, 0x00) }))

/** Everything that may ever be sent (terumo-xml-tcp.md 4). Whole packets are compared; another command number is never rebuilt. */
export const terumoWhitelist: readonly AllowedRequest[] = [
  {
    shape: 'STX <?xml version="1.0"?><REQ><DEVID></DEVID></REQ>8411 ETX',
    // oxlint-disable-next-line no-control-regex -- STX and ETX are the frame
    slots: /^\u0002<\?xml version="1\.0"\?><REQ><DEVID><\/DEVID><\/REQ>8411\u0003$/,
    build: identityRequest,
  },
  {
    shape: 'STX <?xml version="1.0"?><REQ><DEVID><id></DEVID><CMD>base64(<sequence> 01 00 00)</CMD></REQ><crc> ETX',
    // oxlint-disable-next-line no-control-regex -- STX and ETX are the frame
    slots: /^\u0002[^\u0003]*<DEVID>([0-9A-Z]{1,64})<\/DEVID><CMD>([A-Za-z0-9+/]{6}==)<\/CMD><\/REQ>[0-9A-F]{4}\u0003$/,
    build: ([id = '', base64 = '']) => {
      const sequence = base64Bytes(base64)?.[0] ?? lastSequence + 1
      return sequence > lastSequence ? new Uint8Array() : statusRequest(id, sequence)
    },
  },
]
