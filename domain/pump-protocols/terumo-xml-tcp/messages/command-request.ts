import { hexText } from '../../ascii.ts'
import { parseCommand } from './command.ts'

// bytes of a request: sequence (1), command (1), subcommand (2), data             (terumo-xml-tcp.md 3)
//   sequence  00..7E from a gateway; 80..FE belong to the rack, 7F and FF are reserved

export interface CommandRequest {
  readonly type: 'command request'
  readonly id: string
  readonly sequence: number
  /** Command and subcommand, as hexadecimal digits. */
  readonly command: string
  readonly data: string
}

export const parseCommandRequest = (xml: string): CommandRequest | null => {
  const command = parseCommand('REQ', xml)
  if (command === null || command.bytes.length < 4) return null
  const { id, bytes } = command
  return {
    type: 'command request',
    id,
    sequence: bytes[0] ?? 0,
    command: hexText(bytes.subarray(1, 4)),
    data: hexText(bytes.subarray(4)),
  }
}
