import { asciiBytes, asciiText, hexDigits } from './ascii.ts'
import { crc16CcittFalse } from './crc16.ts'

/** A frame whose check is right: `text` is what the check covers, `bytes` the frame from its start byte to the byte that ended it. */
export interface CheckedText {
  readonly text: string
  readonly bytes: Uint8Array
}

/** The value that the four digits behind the separator must tell; the separator stands at `separatorAt`. */
export type TextCheck = (bytes: Uint8Array, separatorAt: number) => number

/** CRC-16/CCITT-FALSE over the text: ip1.md 6 and alaris-acp.md 1. */
const crcOfText: TextCheck = (bytes, separatorAt) => crc16CcittFalse(bytes, 1, separatorAt)

/**
 * `start text separator check end`: the check is four upper-case hex digits. The separator occurs once and the text is not empty.
 */
export const checkText = (
  bytes: Uint8Array,
  separator: number,
  checkOf: TextCheck = crcOfText,
): CheckedText | 'crc' | 'form' => {
  const at = bytes.length - 6
  if (at < 2 || bytes.indexOf(separator, 1) !== at) return 'form'
  const told = hex4At(bytes, at + 1)
  if (told === null) return 'form'
  if (checkOf(bytes, at) !== told) return 'crc'
  return { text: asciiText(bytes.subarray(1, at)), bytes }
}

/** The frame of `text` with the CRC of ip1.md 6 and alaris-acp.md 1, ended by `end`. */
export const frameText = (start: string, text: string, separator: string, end: string): Uint8Array => {
  const covered = asciiBytes(text)
  const crc = hexDigits(crc16CcittFalse(covered, 0, covered.length), 4)
  return asciiBytes(`${start}${text}${separator}${crc}${end}`)
}

/** Four upper-case hex digits as a number; null when they are none. */
export const hex4At = (bytes: Uint8Array, from: number): number | null => {
  let value = 0
  for (let at = from; at < from + 4; at += 1) {
    const digit = upperHexDigit(bytes[at] ?? 0)
    if (digit < 0) return null
    value = (value << 4) | digit
  }
  return value
}

const upperHexDigit = (byte: number): number => {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  if (byte >= 0x41 && byte <= 0x46) return byte - 0x37
  return -1
}
