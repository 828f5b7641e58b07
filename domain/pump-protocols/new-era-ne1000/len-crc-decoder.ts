import { asciiText, CR, LF } from '../ascii.ts'
import type { CheckedText } from '../checked-text.ts'
import { crc16Xmodem } from '../crc16.ts'
import type { Decoded, FrameDecoder } from '../frame-decoder.ts'
import { interByteTimeoutMs } from '../frame-decoder.ts'

// packet = STX LEN TEXT CRChi CRClo ETX          STX = 02, ETX = 03
// LEN    = bytes after STX with itself: length of TEXT + 4, so 4 to 64
// CRC    = CRC-16/XMODEM over TEXT, two raw bytes, high first
//                                                                              (new-era-ne1000.md 1)

const stx = 0x02
const etx = 0x03
const shortest = 4
const longest = 64

/** What stands at the front of the held bytes. */
type Verdict = 'more' | 'form' | 'crc' | CheckedText

/**
 * The framer of Safe mode: the length leads, because LEN, TEXT and CRC may hold any byte. Whatever is rejected, the search goes on from
 * the byte after the false 02: the real packet may have begun inside. Every byte but CR and LF between packets is in exactly one result.
 */
export class LenCrcDecoder implements FrameDecoder<CheckedText> {
  /** A candidate: `#held[0]` is 02. Empty: outside a packet. */
  readonly #held = new Uint8Array(longest + 1)
  #length = 0
  #lastByteMs = 0

  get buffered(): number {
    return this.#length
  }

  push(chunk: Uint8Array, nowMs: number): readonly Decoded<CheckedText>[] {
    const out: Decoded<CheckedText>[] = [...this.tick(nowMs)]
    const junk = new Junk(out)
    for (const byte of chunk) this.#take(byte, out, junk)
    junk.flush()
    if (chunk.length > 0) this.#lastByteMs = nowMs
    return out
  }

  /** A packet that the partial had swallowed is not lost with it: what is whole behind a false 02 counts. */
  tick(nowMs: number): readonly Decoded<CheckedText>[] {
    if (this.#length === 0 || nowMs - this.#lastByteMs <= interByteTimeoutMs) return []
    const out: Decoded<CheckedText>[] = []
    const held = this.#held.slice(0, this.#length)
    this.#length = 0
    let from = 0
    for (let at = 1; at < held.length; at += 1) {
      const verdict = verdictOf(held, at, held.length)
      if (typeof verdict === 'string') continue
      if (at > from) out.push({ ok: false, fault: 'gap', discarded: held.slice(from, at) })
      out.push({ ok: true, frame: verdict })
      at += verdict.bytes.length - 1
      from = at + 1
    }
    if (from < held.length) out.push({ ok: false, fault: 'gap', discarded: held.slice(from) })
    return out
  }

  #take(byte: number, out: Decoded<CheckedText>[], junk: Junk): void {
    if (this.#length === 0 && byte !== stx) {
      junk.add(byte)
      return
    }
    this.#held[this.#length] = byte
    this.#length += 1
    for (;;) {
      const verdict = verdictOf(this.#held, 0, this.#length)
      if (verdict === 'more') return
      junk.flush()
      if (typeof verdict === 'string') {
        out.push(verdict === 'form' ? falseStart : { ok: false, fault: 'crc', discarded: Uint8Array.of(stx) })
        this.#drop(1, junk)
      } else {
        out.push({ ok: true, frame: verdict })
        this.#drop(verdict.bytes.length, junk)
      }
      if (this.#length === 0) return
    }
  }

  /** Drops bytes from the front, and then what cannot begin a packet. */
  #drop(count: number, junk: Junk): void {
    let from = count
    for (; from < this.#length && this.#held[from] !== stx; from += 1) junk.add(this.#held[from] ?? 0)
    for (let at = from; at < this.#length; at += 1) this.#held[at - from] = this.#held[at] ?? 0
    this.#length -= from
  }
}

const falseStart: Decoded<CheckedText> = { ok: false, fault: 'form', discarded: Uint8Array.of(stx) }

/** `held[from]` is taken for the STX; there are bytes up to `to`. */
const verdictOf = (held: Uint8Array, from: number, to: number): Verdict => {
  if (held[from] !== stx) return 'form'
  if (to - from < 2) return 'more'
  const length = held[from + 1] ?? 0
  if (length < shortest || length > longest) return 'form'
  const last = from + length
  if (last >= to) return 'more'
  if (held[last] !== etx) return 'form'
  const told = ((held[last - 2] ?? 0) << 8) | (held[last - 1] ?? 0)
  if (crc16Xmodem(held, from + 2, last - 2) !== told) return 'crc'
  return { text: asciiText(held.subarray(from + 2, last - 2)), bytes: held.slice(from, last + 1) }
}

/** Bytes outside any packet, told in runs. */
class Junk {
  readonly #out: Decoded<CheckedText>[]
  #bytes: number[] = []

  constructor(out: Decoded<CheckedText>[]) {
    this.#out = out
  }

  add(byte: number): void {
    if (byte !== CR && byte !== LF) this.#bytes.push(byte)
  }

  flush(): void {
    if (this.#bytes.length === 0) return
    this.#out.push({ ok: false, fault: 'junk', discarded: Uint8Array.from(this.#bytes) })
    this.#bytes = []
  }
}
