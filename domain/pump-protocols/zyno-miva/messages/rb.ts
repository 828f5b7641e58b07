import type { Field } from '../../fields.ts'
import { shaped } from '../../fields.ts'

// "RB" base-year                             pump -> host (zyno-miva.md 2)
//   base-year  4 hex digits, shown as they are

export interface Rb {
  readonly type: 'RB'
  readonly baseYear: Field<string>
}

export const parseRb = (data: string): Rb => ({ type: 'RB', baseYear: shaped(data, /^[0-9A-Fa-f]{4}$/) })
