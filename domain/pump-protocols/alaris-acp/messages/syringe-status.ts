import type { Field } from '../../fields.ts'
import { integer } from '../../fields.ts'

// SYRINGE_STATUS "^" name "^" size "^" confirmation      pump -> host (alaris-acp.md 3)
//   name          may contain blanks
//   size          mL, padded with a blank on the left
//   confirmation  CONF = confirmed; other words are unknown

export interface SyringeStatus {
  readonly type: 'SYRINGE_STATUS'
  readonly syringeName: string
  readonly size: Field<number>
  readonly confirmation: string
}

export const parseSyringeStatus = ([name, size, confirmation]: readonly string[]): SyringeStatus | null =>
  name === undefined || size === undefined || confirmation === undefined
    ? null
    : {
        type: 'SYRINGE_STATUS',
        syringeName: name.trim(),
        size: integer(size.trim()),
        confirmation: confirmation.trim(),
      }
