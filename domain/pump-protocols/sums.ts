// Sums over `bytes[from, to)` (docs/protocols/README.md 2).

/** Check value for `123456789`: 01DD. */
export const sum16 = (bytes: Uint8Array, from: number, to: number): number => sum(bytes, from, to) & 0xffff

/** Check value for `123456789`: DD. */
export const sum8 = (bytes: Uint8Array, from: number, to: number): number => sum(bytes, from, to) & 0xff

/** Check value for `123456789`: 31. */
export const xor8 = (bytes: Uint8Array, from: number, to: number): number => {
  let value = 0
  for (let at = from; at < to; at += 1) value ^= bytes[at] ?? 0
  return value
}

const sum = (bytes: Uint8Array, from: number, to: number): number => {
  let value = 0
  for (let at = from; at < to; at += 1) value += bytes[at] ?? 0
  return value
}
