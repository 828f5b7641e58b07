/** Bytes from a callback-style source as an async iterable. Bounded: a reader that stalls past `maxBytes` ends the connection. */
export class ByteQueue implements AsyncIterable<Uint8Array> {
  #chunks: Uint8Array[] = []
  #size = 0
  #ended = false
  #error: unknown = null
  #wake: (() => void) | null = null
  readonly #maxBytes: number

  constructor(maxBytes = 1024 * 1024) {
    this.#maxBytes = maxBytes
  }

  push(chunk: Uint8Array): void {
    if (this.#ended) return
    this.#chunks.push(chunk)
    this.#size += chunk.byteLength
    if (this.#size > this.#maxBytes) this.end(new Error('bytes come faster than they are read'))
    this.#wake?.()
  }

  /** Chunks that are already here are still given out; then the iteration ends, or rejects with `error`. */
  end(error: unknown = null): void {
    if (this.#ended) return
    this.#ended = true
    this.#error = error
    this.#wake?.()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, void> {
    for (;;) {
      for (let chunk = this.#chunks.shift(); chunk !== undefined; chunk = this.#chunks.shift()) {
        this.#size -= chunk.byteLength
        yield chunk
      }
      if (this.#ended) break
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    if (this.#error !== null) throw this.#error
  }
}
