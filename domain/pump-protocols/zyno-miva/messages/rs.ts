import type { Field } from '../../fields.ts'
import { shaped } from '../../fields.ts'

// "RS" firmware                              pump -> host (zyno-miva.md 2)
//   firmware  letters, digits, point and hyphen

export interface Rs {
  readonly type: 'RS'
  readonly firmware: Field<string>
}

export const parseRs = (data: string): Rs => ({ type: 'RS', firmware: shaped(data, /^[A-Za-z0-9.-]{1,60}$/) })
