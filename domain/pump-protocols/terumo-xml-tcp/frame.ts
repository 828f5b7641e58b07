import { asciiBytes, asciiText, CR, hexDigits, LF } from '../ascii.ts'
import type { CheckedText } from '../checked-text.ts'
import { hex4At } from '../checked-text.ts'
import { crc16Xmodem } from '../crc16.ts'
import { DelimitedDecoder } from '../delimited-decoder.ts'
import type { FrameDecoder } from '../frame-decoder.ts'

// packet = STX XML CRC ETX       STX = 02, ETX = 03
// XML    = bytes 20-7E, at most 4096 with the CRC
// CRC    = 4 upper-case hex digits, CRC-16/XMODEM over XML
//                                                                              (terumo-xml-tcp.md 2)

const stx = 0x02
const etx = 0x03

/** Packets with a right check; what the XML says is judged later. */
export const terumoDecoder = (): FrameDecoder<CheckedText> =>
  new DelimitedDecoder({ start: stx, ends: [etx], quiet: [CR, LF], bound: 4096, check: checkPacket })

const checkPacket = (bytes: Uint8Array): CheckedText | 'crc' | 'form' => {
  const at = bytes.length - 5
  const told = at < 2 ? null : hex4At(bytes, at)
  if (told === null) return 'form'
  return crc16Xmodem(bytes, 1, at) === told ? { text: asciiText(bytes.subarray(1, at)), bytes } : 'crc'
}

export const terumoPacket = (xml: string): Uint8Array => {
  const covered = asciiBytes(xml)
  const crc = hexDigits(crc16Xmodem(covered, 0, covered.length), 4)
  return asciiBytes(`${String.fromCharCode(stx)}${xml}${crc}${String.fromCharCode(etx)}`)
}
