import type { Field } from '../../fields.ts'
import { shaped } from '../../fields.ts'

// INST_SERIALNO "^" serial                   pump -> host (alaris-acp.md 3)
//   serial  NNNN-NNNNN

export interface InstSerialNo {
  readonly type: 'INST_SERIALNO'
  readonly serial: Field<string>
}

export const serialShape = /^[0-9]{4}-[0-9]{5}$/

export const parseInstSerialNo = ([serial]: readonly string[]): InstSerialNo | null =>
  serial === undefined ? null : { type: 'INST_SERIALNO', serial: shaped(serial.trim(), serialShape) }
