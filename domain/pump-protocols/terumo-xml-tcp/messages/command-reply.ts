import { hexDigits, hexText } from '../../ascii.ts'
import { parseCommand } from './command.ts'

// bytes of a reply: sequence (1), command (1), subcommand (2), result (1), data    (terumo-xml-tcp.md 3)
//   sequence, command, subcommand   as in the request
//   result  00 done; 11 unknown command, 12 not executable now, 13 too short, 14 too long, 15 out of range

export interface CommandReply {
  readonly id: string
  readonly sequence: number
  /** Command and subcommand, as hexadecimal digits. */
  readonly command: string
  /** Two hexadecimal digits. */
  readonly result: string
  readonly data: Uint8Array
}

export const parseCommandReply = (xml: string): CommandReply | null => {
  const command = parseCommand('REP', xml)
  if (command === null || command.bytes.length < 5) return null
  const { id, bytes } = command
  return {
    id,
    sequence: bytes[0] ?? 0,
    command: hexText(bytes.subarray(1, 4)),
    result: hexDigits(bytes[4] ?? 0, 2),
    data: bytes.subarray(5),
  }
}
