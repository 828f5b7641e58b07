import { asciiBytes, CR, hexDigits, LF } from '../ascii.ts'
import type { CheckedText } from '../checked-text.ts'
import { checkText } from '../checked-text.ts'
import { DelimitedDecoder } from '../delimited-decoder.ts'
import type { FrameDecoder } from '../frame-decoder.ts'
import { sum16 } from '../sums.ts'

// frame = "!" TEXT "|" SUM CR LF           TEXT = name *( "^" field ), bytes 20-7E except "!" and "|"
// SUM   = 4 upper-case hex digits, sum modulo 65536 of all bytes from "!" to "|" inclusive
//                                                                              (neurowave-ap4000.md 1)

const separator = '|'.charCodeAt(0)

/** Frames with a right sum. CR alone ends a frame as well. */
export const neurowaveDecoder = (): FrameDecoder<CheckedText> =>
  new DelimitedDecoder({
    start: '!'.charCodeAt(0),
    ends: [CR],
    quiet: [CR, LF],
    bound: 8192,
    check: (bytes) => checkText(bytes, separator, (frame, separatorAt) => sum16(frame, 0, separatorAt + 1)),
  })

export const neurowaveFrame = (text: string): Uint8Array => {
  const covered = asciiBytes(`!${text}|`)
  const sum = hexDigits(sum16(covered, 0, covered.length), 4)
  return Uint8Array.of(...covered, ...asciiBytes(sum), CR, LF)
}
