import { ringSize } from '../ring.ts'

// "RE" index entry                           pump -> host (zyno-miva.md 2 and 3)
//   index  8 hex digits
//   entry  32 hex digits: the 16 bytes of the entry

export interface Re {
  readonly type: 'RE'
  readonly index: number
  /** Upper-case. */
  readonly entry: string
}

export const parseRe = (data: string): Re | null => {
  if (!/^[0-9A-Fa-f]{40}$/.test(data)) return null
  const index = Number.parseInt(data.slice(0, 8), 16)
  return index < ringSize ? { type: 'RE', index, entry: data.slice(8).toUpperCase() } : null
}
