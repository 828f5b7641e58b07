import type { Field } from '../../fields.ts'
import { integer } from '../../fields.ts'

// COMMS_RESPONSE_MAX "^" int "^" "ms"        pump -> host (alaris-acp.md 3); 4000 seen

export interface CommsResponseMax {
  readonly type: 'COMMS_RESPONSE_MAX'
  readonly responseMax: Field<number>
  readonly unit: string
}

export const parseCommsResponseMax = ([limit, unit]: readonly string[]): CommsResponseMax | null =>
  limit === undefined || unit === undefined
    ? null
    : { type: 'COMMS_RESPONSE_MAX', responseMax: integer(limit.trim()), unit: unit.trim() }
