import type { Field } from '../../fields.ts'
import { shaped } from '../../fields.ts'

// "RD" upstream downstream                   pump -> host (zyno-miva.md 2): readings of the pressure sensors
// "R2" upstream downstream                   their thresholds
//   4 hex digits each, in no known unit: shown as they are

export interface Sensors {
  readonly type: 'RD' | 'R2'
  readonly sensors: Field<string>
}

export const parseSensors =
  (type: 'RD' | 'R2') =>
  (data: string): Sensors => ({ type, sensors: shaped(data, /^[0-9A-Fa-f]{8}$/) })
