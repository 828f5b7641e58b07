import type { Field } from '../../fields.ts'
import { hex4, shaped, word } from '../../fields.ts'

// AK "," seq-of-the-CM "," "OK"                                                                 pump -> host (ip1.md 2)
// AK "," seq-of-the-CM "," "ERR" "," ( "UNSUP" | "FORM" | "BUSY" )

export interface Ak {
  readonly type: 'AK'
  /** The sequence number of the CM that is answered. */
  readonly answered: Field<string>
  readonly result: Field<'OK' | 'ERR'>
  readonly reason: Field<(typeof reasons)[number] | null>
}

const reasons = ['UNSUP', 'FORM', 'BUSY'] as const

export const parseAk = (fields: readonly string[]): Ak | null => {
  const [answered, result, reason] = fields
  if (answered === undefined || result === undefined) return null
  if (result === 'ERR' && reason === undefined) return null
  return {
    type: 'AK',
    answered: shaped(answered, hex4),
    result: word(result, ['OK', 'ERR']),
    reason: result === 'ERR' ? word(reason ?? '', reasons) : null,
  }
}
