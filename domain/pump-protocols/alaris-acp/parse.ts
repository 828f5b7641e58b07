import { isMalformed } from '../fields.ts'
import type { Alarm } from './messages/alarm.ts'
import { parseAlarm } from './messages/alarm.ts'
import type { CommsProtocol } from './messages/comms-protocol.ts'
import { parseCommsProtocol } from './messages/comms-protocol.ts'
import type { CommsResponseMax } from './messages/comms-response-max.ts'
import { parseCommsResponseMax } from './messages/comms-response-max.ts'
import type { InfRateMaxSyringe } from './messages/inf-rate-max-syringe.ts'
import { parseInfRateMaxSyringe } from './messages/inf-rate-max-syringe.ts'
import type { InfVtbi } from './messages/inf-vtbi.ts'
import { parseInfVtbi } from './messages/inf-vtbi.ts'
import type { Inf } from './messages/inf.ts'
import { parseInf } from './messages/inf.ts'
import type { InstSerialNo } from './messages/inst-serialno.ts'
import { parseInstSerialNo } from './messages/inst-serialno.ts'
import type { SyringeStatus } from './messages/syringe-status.ts'
import { parseSyringeStatus } from './messages/syringe-status.ts'
import type { RequestName } from './requests.ts'
import { requestNames } from './requests.ts'

export type AlarisReply =
  | InstSerialNo
  | CommsProtocol
  | CommsResponseMax
  | SyringeStatus
  | InfRateMaxSyringe
  | Inf
  | InfVtbi
  | Alarm

export type AlarisParsed =
  | { readonly kind: 'reply'; readonly reply: AlarisReply; readonly malformed: boolean }
  /** A request, a control frame, or a name this page does not know: the fields have no names. */
  | { readonly kind: 'unnamed'; readonly name: string; readonly fields: readonly string[] }
  /** The reply of a known name with fields missing or an unreadable alarm field. */
  | { readonly kind: 'void' }

/** Reads TEXT after the check; splits at every `^`. */
export const parseAlaris = (text: string): AlarisParsed => {
  const [name = '', ...fields] = text.split('^')
  const known = requestNames.find((request) => request === name)
  if (known === undefined || fields.length === 0) return { kind: 'unnamed', name, fields }
  const reply = parsers[known](fields)
  if (reply !== null) return { kind: 'reply', reply, malformed: Object.values(reply).some(isMalformed) }
  // `INF_VTBI` with fewer fields than a reply is how a host sets the target
  return known === 'INF_VTBI' ? { kind: 'unnamed', name, fields } : { kind: 'void' }
}

const parsers: Readonly<Record<RequestName, (fields: readonly string[]) => AlarisReply | null>> = {
  INST_SERIALNO: parseInstSerialNo,
  COMMS_PROTOCOL: parseCommsProtocol,
  COMMS_RESPONSE_MAX: parseCommsResponseMax,
  SYRINGE_STATUS: parseSyringeStatus,
  INF_RATE_MAX_SYRINGE: parseInfRateMaxSyringe,
  INF: parseInf,
  INF_VTBI: parseInfVtbi,
  ALARM: parseAlarm,
}
