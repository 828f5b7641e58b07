/**
 * CRC-16/CCITT-FALSE as 4 upper-case hex digits; `123456789` gives `29B1`. The simulators' own, bit by bit, so that a mistake
 * in the gateway's table is not shared by the pump it is tested with. Input is ASCII.
 */
export const crcHex = (text: string): string => crc16(text, 0xffff)

/** CRC-16/XMODEM in the same way; `123456789` gives `31C3`. Characters are bytes. */
export const xmodemHex = (text: string): string => crc16(text, 0)

const crc16 = (text: string, initial: number): string => {
  let crc = initial
  for (let i = 0; i < text.length; i++) {
    crc ^= text.charCodeAt(i) << 8
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff
  }
  return hex(crc, 4)
}

export const hex = (value: number, digits: number): string => value.toString(16).toUpperCase().padStart(digits, '0')

/** Characters 00 to FF, one byte each. */
export const toBytes = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0))
export const toText = (bytes: Uint8Array): string => String.fromCharCode(...bytes)
