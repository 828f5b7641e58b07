import type { Decoded, FrameDecoder } from './frame-decoder.ts'
import { interByteTimeoutMs } from './frame-decoder.ts'

/** A text protocol whose frames begin and end with reserved bytes; between them stand printable characters (20 to 7E). */
export interface DelimitedGrammar<F> {
  readonly start: number
  /** Each of them ends a frame. */
  readonly ends: readonly number[]
  /** Bytes that may stand between frames without being junk. */
  readonly quiet: readonly number[]
  /** Most bytes between start and end. */
  readonly bound: number
  /** Judges a complete frame: `bytes[0]` is the start byte, the last byte is the one that ended it. */
  readonly check: (bytes: Uint8Array) => F | 'crc' | 'form'
}

/**
 * The one framer of all start/end delimited grammars, on serial and TCP alike (ip1.md 6, alaris-acp.md 1). Every received byte but
 * the quiet ones between frames ends up in exactly one result. A junk result holds the junk bytes of one chunk that stand together.
 */
export class DelimitedDecoder<F extends object> implements FrameDecoder<F> {
  readonly #grammar: DelimitedGrammar<F>
  /** Start byte, up to `bound` bytes, and the byte that ends or breaks the frame. */
  readonly #held: Uint8Array
  /** The start byte counts: 0 is "outside a frame". */
  #length = 0
  #lastByteMs = 0
  readonly #startAlone: Decoded<F>
  /** By byte: 1 ends a frame. */
  readonly #ends = new Uint8Array(256)
  /** By byte: 1 is no junk between frames. */
  readonly #quiet = new Uint8Array(256)

  constructor(grammar: DelimitedGrammar<F>) {
    this.#grammar = grammar
    for (const byte of grammar.ends) this.#ends[byte] = 1
    for (const byte of grammar.quiet) this.#quiet[byte] = 1
    this.#held = new Uint8Array(grammar.bound + 2)
    this.#startAlone = { ok: false, fault: 'restart', discarded: Uint8Array.of(grammar.start) }
  }

  get buffered(): number {
    return this.#length
  }

  push(chunk: Uint8Array, nowMs: number): readonly Decoded<F>[] {
    const out: Decoded<F>[] = [...this.tick(nowMs)]
    const { start, bound } = this.#grammar
    const held = this.#held
    /** Where the current run of junk began, -1 when there is none. */
    let junkFrom = -1
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at] ?? 0
      if (this.#length === 0) {
        const isJunk = byte !== start && this.#quiet[byte] === 0
        if (isJunk && junkFrom < 0) junkFrom = at
        if (!isJunk && junkFrom >= 0) {
          out.push({ ok: false, fault: 'junk', discarded: chunk.slice(junkFrom, at) })
          junkFrom = -1
        }
      }
      if (byte === start) {
        if (this.#length === 1) out.push(this.#startAlone)
        else if (this.#length > 1) out.push({ ok: false, fault: 'restart', discarded: held.slice(0, this.#length) })
        held[0] = byte
        this.#length = 1
      } else if (this.#length > 0) {
        held[this.#length] = byte
        this.#length += 1
        if (this.#ends[byte] === 1) out.push(this.#finish())
        else if (byte < 0x20 || byte > 0x7e) out.push(this.#leave('form'))
        else if (this.#length > bound + 1) out.push(this.#leave('over'))
      }
    }
    if (junkFrom >= 0) out.push({ ok: false, fault: 'junk', discarded: chunk.slice(junkFrom) })
    if (chunk.length > 0) this.#lastByteMs = nowMs
    return out
  }

  tick(nowMs: number): readonly Decoded<F>[] {
    return this.#length > 0 && nowMs - this.#lastByteMs > interByteTimeoutMs ? [this.#leave('gap')] : []
  }

  #finish(): Decoded<F> {
    const bytes = this.#held.slice(0, this.#length)
    const frame = this.#grammar.check(bytes)
    this.#length = 0
    return typeof frame === 'string' ? { ok: false, fault: frame, discarded: bytes } : { ok: true, frame }
  }

  #leave(fault: 'form' | 'over' | 'gap'): Decoded<F> {
    const discarded = this.#held.slice(0, this.#length)
    this.#length = 0
    return { ok: false, fault, discarded }
  }
}
