import { asciiText, CR } from '../ascii.ts'
import type { CheckedText } from '../checked-text.ts'
import type { Decoded, FrameDecoder } from '../frame-decoder.ts'
import { interByteTimeoutMs } from '../frame-decoder.ts'

/** Most bytes of a host's line. */
const longestLine = 64

/**
 * Both directions of a line in Basic mode, for captures: the pump's frames, and between them what a host sends, printable text up to a
 * CR. A session reads with the pump's half alone, which never takes noise for a request.
 */
export class BasicLineDecoder implements FrameDecoder<CheckedText> {
  readonly #replies: FrameDecoder<CheckedText>
  /** A host's line so far. */
  #line: number[] = []
  #lastByteMs = 0

  constructor(replies: FrameDecoder<CheckedText>) {
    this.#replies = replies
  }

  get buffered(): number {
    return this.#replies.buffered + this.#line.length
  }

  push(chunk: Uint8Array, nowMs: number): readonly Decoded<CheckedText>[] {
    const out: Decoded<CheckedText>[] = [...this.tick(nowMs)]
    for (const byte of chunk) {
      if (this.#replies.buffered === 0 && byte === CR && this.#line.length > 0) out.push(this.#command())
      else if (this.#replies.buffered === 0 && byte >= 0x20 && byte <= 0x7e) out.push(...this.#take(byte))
      else out.push(...this.#dropLine('junk'), ...this.#replies.push(Uint8Array.of(byte), nowMs))
    }
    if (chunk.length > 0) this.#lastByteMs = nowMs
    return out
  }

  tick(nowMs: number): readonly Decoded<CheckedText>[] {
    const late = nowMs - this.#lastByteMs > interByteTimeoutMs
    return [...(late ? this.#dropLine('gap') : []), ...this.#replies.tick(nowMs)]
  }

  #take(byte: number): readonly Decoded<CheckedText>[] {
    const over = this.#line.length < longestLine ? [] : this.#dropLine('over')
    this.#line.push(byte)
    return over
  }

  #command(): Decoded<CheckedText> {
    const bytes = Uint8Array.of(...this.#line, CR)
    this.#line = []
    return { ok: true, frame: { text: asciiText(bytes.subarray(0, -1)), bytes } }
  }

  #dropLine(fault: 'junk' | 'gap' | 'over'): readonly Decoded<CheckedText>[] {
    if (this.#line.length === 0) return []
    const discarded = Uint8Array.from(this.#line)
    this.#line = []
    return [{ ok: false, fault, discarded }]
  }
}
