import { toBytes, toText, xmodemHex } from '../crc.ts'

/** What the pump was set to with `SAF`. */
export type NewEraMode = 'safe' | 'basic'

/** STX LEN TEXT CRC ETX, or STX TEXT ETX (new-era-ne1000.md 1). */
export const packet = (mode: NewEraMode, text: string): Uint8Array => {
  if (mode === 'basic') return toBytes(`\u0002${text}\u0003`)
  const crc = Number.parseInt(xmodemHex(text), 16)
  return toBytes(
    `\u0002${String.fromCharCode(text.length + 4)}${text}${String.fromCharCode(crc >> 8, crc & 255)}\u0003`,
  )
}

/** At most four digits and a point, as the display shows numbers. */
export const float = (value: number): string => {
  const whole = String(Math.floor(value)).length
  return value.toFixed(Math.max(0, 4 - whole))
}

const longest = 65

/** Takes bytes in, gives requests out. The pump drops what is no packet and begins anew at the next STX, or line. */
export class RequestReader {
  readonly #mode: NewEraMode
  #held = ''

  constructor(mode: NewEraMode) {
    this.#mode = mode
  }

  push(bytes: Uint8Array): readonly string[] {
    this.#held += toText(bytes)
    const requests = this.#mode === 'safe' ? this.#packets() : this.#lines()
    this.#held = this.#held.slice(-longest)
    return requests
  }

  #lines(): readonly string[] {
    const lines = this.#held.split('\r')
    this.#held = lines.pop() ?? ''
    return lines
  }

  #packets(): readonly string[] {
    const requests: string[] = []
    for (;;) {
      const at = this.#held.indexOf('\u0002')
      if (at < 0) this.#held = ''
      if (at < 0) return requests
      this.#held = this.#held.slice(at)
      const length = this.#held.charCodeAt(1)
      const isLength = length >= 4 && length < longest
      if (Number.isNaN(length) || (isLength && this.#held.length < length + 1)) return requests
      const text = this.#held.slice(2, length - 2)
      const isGood = isLength && toText(packet('safe', text)) === this.#held.slice(0, length + 1)
      if (isGood) requests.push(text)
      this.#held = this.#held.slice(isGood ? length + 1 : 1)
    }
  }
}
