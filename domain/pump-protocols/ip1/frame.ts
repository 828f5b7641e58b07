import { CR, LF } from '../ascii.ts'
import type { CheckedText } from '../checked-text.ts'
import { checkText, frameText } from '../checked-text.ts'
import { DelimitedDecoder } from '../delimited-decoder.ts'
import type { FrameDecoder } from '../frame-decoder.ts'

// frame = "$" body "*" CRC CR LF           receiver also accepts CR alone or LF alone
// body  = "IP1" "," type "," seq "," boot *( "," field )        1..200 bytes
// CRC   = 4 upper-case hex digits, CRC-16/CCITT-FALSE over body
//                                                                              (ip1.md 1 and 6)

const separator = '*'.charCodeAt(0)

/** Frames with a right check; what the body says is judged by `parseIp1`. */
export const ip1Decoder = (): FrameDecoder<CheckedText> =>
  new DelimitedDecoder({
    start: '$'.charCodeAt(0),
    ends: [CR, LF],
    quiet: [CR, LF],
    bound: 205,
    check: (bytes) => checkText(bytes, separator),
  })

export const ip1Frame = (body: string): Uint8Array => frameText('$', body, '*', String.fromCharCode(CR, LF))
