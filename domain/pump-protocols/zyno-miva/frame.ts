import { asciiBytes, asciiText, CR, hexDigits, LF } from '../ascii.ts'
import type { CheckedText } from '../checked-text.ts'
import { DelimitedDecoder } from '../delimited-decoder.ts'
import type { FrameDecoder } from '../frame-decoder.ts'
import { sum8, xor8 } from '../sums.ts'

// frame = STX TEXT CC ETX                    TEXT = 2 characters of a command *character, bytes 20-7E
// CC    = 2 hex digits over TEXT: sum modulo 256, or exclusive or, by the make of the pump
//                                                                              (zyno-miva.md 1)

export const checkRules = ['sum', 'xor'] as const
export type CheckRule = (typeof checkRules)[number]

const checkOf = { sum: sum8, xor: xor8 } as const

const STX = 0x02
const ETX = 0x03
const NUL = 0x00

/** Frames with a right check, its digits in either case. A control byte inside a frame breaks it off. */
export const mivaDecoder = (rule: CheckRule): FrameDecoder<CheckedText> =>
  new DelimitedDecoder({
    start: STX,
    ends: [ETX],
    quiet: [CR, LF, NUL],
    bound: 64,
    check: (bytes) => {
      const text = textOf(bytes)
      if (text === null) return 'form'
      const told = Number.parseInt(asciiText(bytes.subarray(bytes.length - 3, bytes.length - 1)), 16)
      return checkOf[rule](bytes, 1, bytes.length - 3) === told ? { text, bytes } : 'crc'
    },
  })

/** TEXT of a complete frame, whatever its check says; null when it has none, or no check. */
export const textOf = (bytes: Uint8Array): string | null =>
  /^([ -~]{2,})[0-9A-Fa-f]{2}$/.exec(asciiText(bytes.subarray(1, -1)))?.[1] ?? null

export const mivaFrame = (text: string, rule: CheckRule): Uint8Array => {
  const covered = asciiBytes(text)
  const check = hexDigits(checkOf[rule](covered, 0, covered.length), 2)
  return Uint8Array.of(STX, ...covered, ...asciiBytes(check), ETX)
}
