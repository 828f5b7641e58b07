import { isMalformed } from '../fields.ts'
import type { Bolus } from './messages/bolus.ts'
import { parseBolus } from './messages/bolus.ts'
import type { ProgramNumber } from './messages/program-number.ts'
import { parseProgramNumber } from './messages/program-number.ts'
import type { ProgramText } from './messages/program-text.ts'
import { parseProgramText } from './messages/program-text.ts'
import type { R7 } from './messages/r7.ts'
import { parseR7 } from './messages/r7.ts'
import type { Rb } from './messages/rb.ts'
import { parseRb } from './messages/rb.ts'
import type { Rc } from './messages/rc.ts'
import { parseRc } from './messages/rc.ts'
import type { Re } from './messages/re.ts'
import { parseRe } from './messages/re.ts'
import type { Ri } from './messages/ri.ts'
import { parseRi } from './messages/ri.ts'
import type { Rl } from './messages/rl.ts'
import { parseRl } from './messages/rl.ts'
import type { Rn } from './messages/rn.ts'
import { parseRn } from './messages/rn.ts'
import type { Rs } from './messages/rs.ts'
import { parseRs } from './messages/rs.ts'
import type { Sensors } from './messages/sensors.ts'
import { parseSensors } from './messages/sensors.ts'
import type { RequestName } from './requests.ts'
import { requestNames } from './requests.ts'

export type MivaReply = Rn | Rs | Rb | Rl | Rc | Ri | Re | R7 | Sensors | ProgramText | ProgramNumber | Bolus

export type MivaParsed =
  | { readonly kind: 'reply'; readonly reply: MivaReply; readonly malformed: boolean }
  /** A request, a control frame, a sensor stream, or a command this page does not know. */
  | { readonly kind: 'unnamed'; readonly name: string; readonly data: string }
  /** The reply of a known command whose data are not what the table says. */
  | { readonly kind: 'void'; readonly name: RequestName | 'RE' }

/** Reads TEXT after the check (zyno-miva.md 2). */
export const parseMiva = (text: string): MivaParsed => {
  const name = text.slice(0, 2)
  const data = text.slice(2)
  const known = replyNames.find((reply) => reply === name)
  // with an index alone it is the host's request
  if (known === undefined || data === '' || (known === 'RE' && data.length === 8))
    return { kind: 'unnamed', name, data }
  const reply = parsers[known](data)
  if (reply === null) return { kind: 'void', name: known }
  return { kind: 'reply', reply, malformed: Object.values(reply).some(isMalformed) }
}

const replyNames = [...requestNames, 'RE'] as const

const parsers: Readonly<Record<RequestName | 'RE', (data: string) => MivaReply | null>> = {
  RN: parseRn,
  RS: parseRs,
  RB: parseRb,
  RL: parseRl,
  RC: parseRc,
  RI: parseRi,
  RE: parseRe,
  R7: parseR7,
  RD: parseSensors('RD'),
  R2: parseSensors('R2'),
  Q0: parseProgramText('Q0'),
  Q4: parseProgramText('Q4'),
  Q3: parseProgramNumber('Q3'),
  Q5: parseProgramNumber('Q5'),
  Q6: parseProgramNumber('Q6'),
  QD: parseProgramNumber('QD'),
  Q7: parseBolus,
}
