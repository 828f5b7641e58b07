import type { Field } from '../../fields.ts'
import { hexNumber } from '../hex-number.ts'

// "Q3" seconds                               pump -> host (zyno-miva.md 2): infusion time
// "Q5" volume, "Q6" volume, "QD" volume      infused, to be infused, programmed: hundredths of a mL
//   1 to 8 hex digits; "ERROR" is not available

export interface ProgramNumber {
  readonly type: 'Q3' | 'Q5' | 'Q6' | 'QD'
  readonly value: Field<number | null>
}

export const parseProgramNumber =
  (type: 'Q3' | 'Q5' | 'Q6' | 'QD') =>
  (data: string): ProgramNumber => ({
    type,
    value: data === 'ERROR' ? null : hexNumber(data, type === 'Q3' ? 1 : 100),
  })
