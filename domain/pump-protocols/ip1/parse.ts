import { hex4, isMalformed } from '../fields.ts'
import type { Ak } from './messages/ak.ts'
import { parseAk } from './messages/ak.ts'
import type { Al } from './messages/al.ts'
import { parseAl } from './messages/al.ts'
import type { Cm } from './messages/cm.ts'
import { parseCm } from './messages/cm.ts'
import type { Hi } from './messages/hi.ts'
import { parseHi } from './messages/hi.ts'
import type { Lg } from './messages/lg.ts'
import { parseLg } from './messages/lg.ts'
import type { St } from './messages/st.ts'
import { parseSt } from './messages/st.ts'

export type Ip1Message = Hi | St | Al | Cm | Ak | Lg

export type Ip1Parsed =
  | {
      readonly ok: true
      readonly seq: string
      readonly boot: string
      readonly message: Ip1Message
      /** A value that is not what the table says, in a frame that still counts. */
      readonly malformed: boolean
    }
  /** A void frame: it has no effect, not even on the sequence. */
  | { readonly ok: false; readonly fault: 'bad' | 'unsup' }

const bad: Ip1Parsed = { ok: false, fault: 'bad' }

/** Reads the body of a frame whose check was right (ip1.md 2 and 3). */
export const parseIp1 = (body: string): Ip1Parsed => {
  if (/^IP[02-9]/.test(body)) return { ok: false, fault: 'unsup' }
  const [version, type, seq, boot, ...fields] = body.split(',')
  if (version !== 'IP1' || type === undefined || seq === undefined || boot === undefined) return bad
  if (!hex4.test(seq) || !hex4.test(boot)) return bad
  const message = parseMessage(type, fields)
  if (message === null) return bad
  return { ok: true, seq, boot, message, malformed: Object.values(message).some(isMalformed) }
}

const parseMessage = (type: string, fields: readonly string[]): Ip1Message | null => {
  switch (type) {
    case 'HI':
      return parseHi(fields)
    case 'ST':
      return parseSt(fields)
    case 'AL':
      return parseAl(fields)
    case 'CM':
      return parseCm(fields)
    case 'AK':
      return parseAk(fields)
    case 'LG':
      return parseLg(fields)
    default:
      return null
  }
}
