import type { Dispensed } from './messages/dis.ts'
import { parseDispensed } from './messages/dis.ts'
import type { ErrorReply } from './messages/error.ts'
import { parseError } from './messages/error.ts'
import type { Rate } from './messages/rat.ts'
import { parseRate } from './messages/rat.ts'

// from the pump  address (2 digits) status [ data ]         (new-era-ne1000.md 4)
//   status  I W S P T U X, or A? and a letter: an alarm, without further data
// to the pump    [ address ] command [ parameters ]

export const statusLetters = ['I', 'W', 'S', 'P', 'T', 'U', 'X'] as const
export type StatusLetter = (typeof statusLetters)[number]

export type ReplyData = Dispensed | Rate | ErrorReply | { readonly type: 'status' }

export type NewEraParsed =
  | { readonly kind: 'alarm'; readonly address: string; readonly alarm: string }
  | { readonly kind: 'reply'; readonly address: string; readonly status: StatusLetter; readonly data: ReplyData }
  /** What a host sends, also what this project never sends. */
  | { readonly kind: 'command'; readonly address: string | null; readonly command: string; readonly parameters: string }
  | { readonly kind: 'void' }

/** Reads TEXT, in either direction. */
export const parseNewEra = (text: string): NewEraParsed => commandOf(text) ?? replyOf(text)

const commands =
  /^([0-9]{2})?(DIS|RAT|RUN|STP|PUR|CLD|DIR|VOL|DIA|PHN|FUN|SAF|ADR|BUZ|RESET|\*[A-Z]*)([\u0020-\u007e]*)$/

const commandOf = (text: string): NewEraParsed | null => {
  // no command at all asks for the status
  if (text === '') return { kind: 'command', address: null, command: '', parameters: '' }
  const [, address, command, parameters = ''] = commands.exec(text) ?? []
  return command === undefined ? null : { kind: 'command', address: address ?? null, command, parameters }
}

const replyOf = (text: string): NewEraParsed => {
  const [, address = '', rest = ''] = /^([0-9]{2})([\u0020-\u007e]+)$/.exec(text) ?? []
  if (rest.startsWith('A?')) return { kind: 'alarm', address, alarm: rest }
  const status = statusLetters.find((letter) => letter === rest[0])
  const data = status === undefined ? null : dataOf(rest.slice(1))
  return status === undefined || data === null ? { kind: 'void' } : { kind: 'reply', address, status, data }
}

const dataOf = (data: string): ReplyData | null =>
  data === '' ? { type: 'status' } : (parseDispensed(data) ?? parseRate(data) ?? parseError(data))
