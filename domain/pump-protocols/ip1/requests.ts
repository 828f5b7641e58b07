import type { AllowedRequest } from '../whitelist.ts'
import { ip1Frame } from './frame.ts'

// CM "," verb [ "," argument ], host -> pump: the complete whitelist (ip1.md 2). ALRX is a transport receipt, never an
// acknowledgement by a person.

/** What the host says. `notification`: 4 upper-case hex digits as in the AL. `index`: 0..999999999. */
export type Command = 'HI?' | 'ST?' | 'AL?' | `ALRX,${string}` | `LG?,${string}`

/** `seq`, `boot`: 4 upper-case hex digits. */
export const commandFrame = (seq: string, boot: string, command: Command): Uint8Array =>
  ip1Frame(`IP1,CM,${seq},${boot},${command}`)

const entry = (command: string, slot: string, build: (argument: string) => Command): AllowedRequest => ({
  shape: `$IP1,CM,<seq>,<boot>,${command}*<crc> CR LF`,
  slots: new RegExp(`^\\$IP1,CM,([0-9A-F]{4}),([0-9A-F]{4}),${slot}\\*[0-9A-F]{4}\\r\\n$`),
  build: ([seq = '', boot = '', argument = '']) => commandFrame(seq, boot, build(argument)),
})

export const ip1Whitelist: readonly AllowedRequest[] = [
  entry('HI?', 'HI\\?', () => 'HI?'),
  entry('ST?', 'ST\\?', () => 'ST?'),
  entry('AL?', 'AL\\?', () => 'AL?'),
  entry('ALRX,<notification>', 'ALRX,([0-9A-F]{4})', (notification) => `ALRX,${notification}`),
  entry('LG?,<index>', 'LG\\?,(0|[1-9][0-9]{0,8})', (index) => `LG?,${index}`),
]
