import type { Field } from '../../fields.ts'
import { hex4, integer } from '../../fields.ts'

// CM "," verb [ "," argument ]                                                                  host -> pump (ip1.md 2)
//   "HI?"   "ST?"   "AL?"   "ALRX" "," notification (4 hex)   "LG?" "," index (int, at most 9 digits)
// Read here for captures only; the bytes that may be sent are built in requests.ts.

export interface Cm {
  readonly type: 'CM'
  readonly verb: string
  readonly argument: Field<string | number | null>
}

export const parseCm = (fields: readonly string[]): Cm | null => {
  const [verb, argument] = fields
  if (verb === undefined || verb === '') return null
  switch (verb) {
    case 'ALRX':
      return argument !== undefined && hex4.test(argument) ? { type: 'CM', verb, argument } : null
    case 'LG?':
      return argument === undefined ? null : { type: 'CM', verb, argument: integer(argument) }
    default:
      return { type: 'CM', verb, argument: argument ?? null }
  }
}
