import type { Field } from '../../fields.ts'
import { hexNumber } from '../hex-number.ts'

// "R7" volts                                 pump -> host (zyno-miva.md 2)
//   volts  4 hex digits, hundredths of a volt

export interface R7 {
  readonly type: 'R7'
  readonly batteryVolts: Field<number>
}

export const parseR7 = (data: string): R7 => ({
  type: 'R7',
  batteryVolts: data.length === 4 ? hexNumber(data, 100) : { raw: data },
})
