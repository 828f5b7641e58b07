import { newEraFloat } from './float.ts'

// I float W float unit                          pump -> host, answer to DIS (new-era-ne1000.md 4)
//   I  infused, W  withdrawn, unit  ML or UL

export interface Dispensed {
  readonly type: 'DIS'
  readonly infusedMl: number
  readonly withdrawnMl: number
  /** As told. */
  readonly raw: string
}

export const parseDispensed = (data: string): Dispensed | null => {
  const [, infused = '', withdrawn = '', unit] = /^I([0-9.]+)W([0-9.]+)(ML|UL)$/.exec(data) ?? []
  const [i, w] = [newEraFloat(infused), newEraFloat(withdrawn)]
  if (i === null || w === null) return null
  const parts = unit === 'ML' ? 1000 : 1_000_000
  return { type: 'DIS', infusedMl: i / parts, withdrawnMl: w / parts, raw: data }
}
