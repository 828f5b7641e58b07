import { asciiBytes, asciiText, CR, LF } from '../ascii.ts'
import type { CheckedText } from '../checked-text.ts'
import { crc16Xmodem } from '../crc16.ts'
import { DelimitedDecoder } from '../delimited-decoder.ts'
import type { FrameDecoder } from '../frame-decoder.ts'
import { LenCrcDecoder } from './len-crc-decoder.ts'

// Safe mode   see len-crc-decoder.ts, the same in both directions
// Basic mode  to the pump    TEXT CR
//             from the pump  STX TEXT ETX, at most 64 bytes, no check
//                                                                              (new-era-ne1000.md 1)

/** Which of its two grammars the pump was set to. Never found out by sending. */
export type NewEraMode = 'safe' | 'basic'

const stx = 0x02
const etx = 0x03

export const newEraDecoder = (mode: NewEraMode): FrameDecoder<CheckedText> =>
  mode === 'safe'
    ? new LenCrcDecoder()
    : new DelimitedDecoder({
        start: stx,
        ends: [etx],
        quiet: [CR, LF],
        bound: 64,
        check: (bytes) => ({ text: asciiText(bytes.subarray(1, -1)), bytes }),
      })

/** What a host sends in this mode. `text` is at most 60 characters. */
export const newEraRequest = (mode: NewEraMode, text: string): Uint8Array => {
  const covered = asciiBytes(text)
  if (mode === 'basic') return Uint8Array.of(...covered, CR)
  const crc = crc16Xmodem(covered, 0, covered.length)
  return Uint8Array.of(stx, covered.length + 4, ...covered, crc >> 8, crc & 0xff, etx)
}
