import { isMalformed } from '../fields.ts'
import type { ConnReq } from './messages/connreq.ts'
import { parseConnReq } from './messages/connreq.ts'
import type { StatReq } from './messages/statreq.ts'
import { parseStatReq } from './messages/statreq.ts'
import { statusSlot } from './requests.ts'

export type NeurowaveReply = ConnReq | StatReq

export type NeurowaveParsed =
  | { readonly kind: 'reply'; readonly reply: NeurowaveReply; readonly malformed: boolean }
  /** A request, a control frame, or a name this page does not know: the fields have no names. */
  | { readonly kind: 'unnamed'; readonly name: string; readonly fields: readonly string[] }
  /** A reply of a known name without effect: structure broken, or of a version of the protocol that is not known. */
  | { readonly kind: 'void'; readonly name: 'CONNREQ' | 'STATREQ'; readonly fault: 'bad' | 'unsup' }

/** Reads TEXT after the check; splits at every `^` (neurowave-ap4000.md 3). */
export const parseNeurowave = (text: string): NeurowaveParsed => {
  const all = text.split('^')
  const [name = '', ...fields] = all
  if (name === 'CONNREQ' && fields.length > 0) {
    const reply = parseConnReq(fields)
    return typeof reply === 'string' ? { kind: 'void', name, fault: reply } : { kind: 'reply', reply, malformed: false }
  }
  // with the system id alone it is the host's request
  if (name === 'STATREQ' && !(fields.length === 1 && statusSlot.test(fields[0] ?? ''))) {
    const reply = parseStatReq(all)
    return reply === null
      ? { kind: 'void', name, fault: 'bad' }
      : { kind: 'reply', reply, malformed: hasMalformed(reply) }
  }
  return { kind: 'unnamed', name, fields }
}

const hasMalformed = ({ alarms, channels }: StatReq): boolean =>
  alarms.some(({ priority }) => isMalformed(priority)) ||
  channels.some((channel) => Object.values(channel).some(isMalformed))
