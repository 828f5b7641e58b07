import type { Field } from '../../fields.ts'
import { decimal } from '../../fields.ts'

// INF_RATE_MAX_SYRINGE "^" decimal "^" "ml/h"            pump -> host (alaris-acp.md 3); 1200.00 seen

export interface InfRateMaxSyringe {
  readonly type: 'INF_RATE_MAX_SYRINGE'
  readonly rateMax: Field<number>
  readonly unit: string
}

export const parseInfRateMaxSyringe = ([rate, unit]: readonly string[]): InfRateMaxSyringe | null =>
  rate === undefined || unit === undefined
    ? null
    : { type: 'INF_RATE_MAX_SYRINGE', rateMax: decimal(rate.trim()), unit: unit.trim() }
