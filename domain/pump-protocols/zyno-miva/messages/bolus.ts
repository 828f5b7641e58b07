import type { Field } from '../../fields.ts'

// "Q7" flag                                  pump -> host (zyno-miva.md 2)
//   flag  "1" a bolus runs, "0" none (inferred); "ERROR" is not available

export interface Bolus {
  readonly type: 'Q7'
  readonly running: Field<boolean | null>
}

export const parseBolus = (data: string): Bolus => ({
  type: 'Q7',
  running: data === '1' ? true : data === '0' ? false : data === 'ERROR' ? null : { raw: data },
})
