import type { Field } from '../../fields.ts'
import { decimal, shaped } from '../../fields.ts'
import { serialShape } from './inst-serialno.ts'

// INF "^" serial "^" flag "^" mode "^" rate "^" unit "^" drug "^" infused "^" unit "^" pressure "^" unit "^" time-left
//     "^" log-type "^" log-entry-id                          pump -> host, exactly 14 fields with the name (alaris-acp.md 3)
//   flag       "-" no alarm, "A" alarm; anything else makes the frame void
//   mode       SET and HLD seen
//   rate       decimal, ml/h
//   infused    decimal, ml
//   pressure   decimal, may be negative, mmHg
//   time-left  HH:MM:SS, or 24+ for more than 24 h

export interface Inf {
  readonly type: 'INF'
  readonly serial: Field<string>
  readonly alarmFlag: '-' | 'A'
  readonly mode: string
  readonly rate: Field<number>
  readonly rateUnit: string
  readonly drug: string
  readonly volumeInfused: Field<number>
  readonly volumeInfusedUnit: string
  readonly pressure: Field<number>
  readonly pressureUnit: string
  readonly timeLeft: string
  readonly logType: string
  readonly logEntryId: Field<string>
}

const fieldsAfterName = 13

export const parseInf = (fields: readonly string[]): Inf | null => {
  if (fields.length !== fieldsAfterName) return null
  const field = (number: number): string => (fields[number - 1] ?? '').trim()
  const alarmFlag = field(2)
  if (alarmFlag !== '-' && alarmFlag !== 'A') return null
  return {
    type: 'INF',
    serial: shaped(field(1), serialShape),
    alarmFlag,
    mode: field(3),
    rate: decimal(field(4)),
    rateUnit: field(5),
    drug: field(6),
    volumeInfused: decimal(field(7)),
    volumeInfusedUnit: field(8),
    pressure: decimal(field(9)),
    pressureUnit: field(10),
    timeLeft: field(11),
    logType: field(12),
    logEntryId: shaped(field(13), /^[0-9]+$/),
  }
}
