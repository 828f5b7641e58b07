import { newEraFloat } from './float.ts'

// float unit                                    pump -> host, answer to RAT (new-era-ne1000.md 4)
//   unit  UM uL/min, MM mL/min, UH uL/h, MH mL/h

export interface Rate {
  readonly type: 'RAT'
  readonly setRateMlPerHour: number
  /** As told. */
  readonly raw: string
}

/** uL/h in one of the unit. */
const units: ReadonlyMap<string, number> = new Map([
  ['UM', 60],
  ['MM', 60_000],
  ['UH', 1],
  ['MH', 1000],
])

export const parseRate = (data: string): Rate | null => {
  const unit = units.get(data.slice(-2))
  const thousandths = newEraFloat(data.slice(0, -2))
  if (unit === undefined || thousandths === null) return null
  return { type: 'RAT', setRateMlPerHour: (thousandths * unit) / 1_000_000, raw: data }
}
