import type { Field } from '../../fields.ts'
import { shaped } from '../../fields.ts'

// "RN" serial                                pump -> host (zyno-miva.md 2)
//   serial  "SN" and 6 digits

export interface Rn {
  readonly type: 'RN'
  readonly serial: Field<string>
}

export const parseRn = (data: string): Rn => ({ type: 'RN', serial: shaped(data, /^SN[0-9]{6}$/) })
