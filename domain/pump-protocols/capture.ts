import { hexText } from './ascii.ts'
import { Counters } from './counters.ts'
import type { Decoded, FrameDecoder } from './frame-decoder.ts'
import type { CaptureLine, CaptureReader, PortCounters } from './profile.ts'

/** What a frame with a right check says, as far as `gateway decode` shows it. */
export type Described =
  | {
      readonly ok: true
      readonly type: string
      readonly fields: Readonly<Record<string, unknown>>
      readonly malformed: boolean
    }
  | { readonly ok: false; readonly fault: 'bad' | 'unsup' }

/** Junk is shown in runs of at most this many bytes, so that a line of noise is bounded. */
const junkRun = 256

/** Reads a capture of any protocol whose frames come out of a `FrameDecoder`. Chunk borders never show in its lines. */
export class FrameCapture<F extends { readonly bytes: Uint8Array }> implements CaptureReader {
  readonly #decoder: FrameDecoder<F>
  readonly #describe: (frame: F) => Described
  readonly #counters = new Counters()
  #junk: number[] = []

  constructor(decoder: FrameDecoder<F>, describe: (frame: F) => Described) {
    this.#decoder = decoder
    this.#describe = describe
  }

  push(chunk: Uint8Array): readonly CaptureLine[] {
    this.#counters.add('bytes', chunk.length)
    return this.#decoder.push(chunk, 0).flatMap((decoded) => this.#lines(decoded))
  }

  end(): readonly CaptureLine[] {
    const rest = this.#decoder.tick(Number.POSITIVE_INFINITY).flatMap((decoded) => this.#lines(decoded))
    return [...rest, ...this.#flushJunk()]
  }

  get counters(): PortCounters {
    return this.#counters.values
  }

  #lines(decoded: Decoded<F>): readonly CaptureLine[] {
    if (decoded.ok) return [...this.#flushJunk(), this.#frame(decoded.frame)]
    if (decoded.fault === 'junk') return this.#addJunk(decoded.discarded)
    this.#counters.add(decoded.fault)
    return [...this.#flushJunk(), { ok: false, fault: decoded.fault, hex: hexText(decoded.discarded) }]
  }

  #frame(frame: F): CaptureLine {
    this.#counters.add('ok')
    const described = this.#describe(frame)
    const hex = hexText(frame.bytes)
    if (!described.ok) {
      this.#counters.add(described.fault)
      return { ok: false, fault: described.fault, hex }
    }
    if (described.malformed) this.#counters.add('bad')
    return { ok: true, type: described.type, fields: described.fields, hex }
  }

  #addJunk(bytes: Uint8Array): readonly CaptureLine[] {
    this.#counters.add('junk', bytes.length)
    const lines: CaptureLine[] = []
    for (const byte of bytes) {
      this.#junk.push(byte)
      if (this.#junk.length === junkRun) lines.push(...this.#flushJunk())
    }
    return lines
  }

  #flushJunk(): readonly CaptureLine[] {
    if (this.#junk.length === 0) return []
    const line: CaptureLine = { ok: false, fault: 'junk', hex: hexText(Uint8Array.from(this.#junk)) }
    this.#junk = []
    return [line]
  }
}
