import { CR, LF } from '../ascii.ts'
import type { CheckedText } from '../checked-text.ts'
import { checkText, frameText } from '../checked-text.ts'
import { DelimitedDecoder } from '../delimited-decoder.ts'
import type { FrameDecoder } from '../frame-decoder.ts'

// frame = "!" TEXT "|" CRC CR              TEXT = name *( "^" field ), bytes 20-7E except "!" and "|"
// CRC   = 4 upper-case hex digits, CRC-16/CCITT-FALSE over TEXT
//                                                                              (alaris-acp.md 1)

const separator = '|'.charCodeAt(0)

/** Frames with a right check. ESC and LF inside a frame break it off, as every byte outside 20-7E does. */
export const alarisDecoder = (): FrameDecoder<CheckedText> =>
  new DelimitedDecoder({
    start: '!'.charCodeAt(0),
    ends: [CR],
    quiet: [CR, LF],
    bound: 256,
    check: (bytes) => checkText(bytes, separator),
  })

export const alarisFrame = (text: string): Uint8Array => frameText('!', text, '|', String.fromCharCode(CR))
