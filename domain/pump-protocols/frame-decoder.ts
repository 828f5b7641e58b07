/** Why bytes were rejected: the counters of docs/protocols/README.md. */
export type DecodeFault = 'crc' | 'form' | 'over' | 'restart' | 'gap' | 'junk'

export type Decoded<F> =
  | { readonly ok: true; readonly frame: F }
  | { readonly ok: false; readonly fault: DecodeFault; readonly discarded: Uint8Array }

/** Bytes in any chunking, frames out. Never throws on input; holds at most one frame. */
export interface FrameDecoder<F> {
  push(chunk: Uint8Array, nowMs: number): readonly Decoded<F>[]
  /** Drops a partial frame that has waited strictly longer than `interByteTimeoutMs`. `nowMs` is monotonic. */
  tick(nowMs: number): readonly Decoded<F>[]
  readonly buffered: number
}

/** Inside a frame, for every framer (docs/protocols/README.md). */
export const interByteTimeoutMs = 500
