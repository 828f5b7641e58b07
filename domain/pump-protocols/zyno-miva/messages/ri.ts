import { ringSize } from '../ring.ts'

// "RI" tail head                             pump -> host (zyno-miva.md 2 and 3)
//   tail, head  8 hex digits each: index of the oldest and of the newest entry. Outside the ring: void

export interface Ri {
  readonly type: 'RI'
  readonly tail: number
  readonly head: number
}

export const parseRi = (data: string): Ri | null => {
  if (!/^[0-9A-Fa-f]{16}$/.test(data)) return null
  const [tail, head] = [Number.parseInt(data.slice(0, 8), 16), Number.parseInt(data.slice(8), 16)]
  return tail < ringSize && head < ringSize ? { type: 'RI', tail, head } : null
}
