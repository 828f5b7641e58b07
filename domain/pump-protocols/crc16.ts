/** A CRC-16 over `bytes[from, to)`. */
export type Crc16 = (bytes: Uint8Array, from: number, to: number) => number

/** Polynomial 1021, not reflected, no final xor; `initial` tells the variants apart (docs/protocols/README.md). */
const crc16 = (initial: number): Crc16 => {
  return (bytes, from, to) => {
    let crc = initial
    for (let at = from; at < to; at += 1) crc = ((crc << 8) & 0xffff) ^ (table[(crc >> 8) ^ (bytes[at] ?? 0)] ?? 0)
    return crc
  }
}

const table = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1
  return crc & 0xffff
})

/** Check value for `123456789`: 29B1. */
export const crc16CcittFalse: Crc16 = crc16(0xffff)

/** Check value for `123456789`: 31C3. */
export const crc16Xmodem: Crc16 = crc16(0x0000)
