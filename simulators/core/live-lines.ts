/** Characters that may wait for one reader. */
const mostWaiting = 256 * 1024

/** JSON lines for one reader who may be slow: what waits is bounded, the oldest make room, and the reader is told how many. */
export class LiveLines {
  readonly #write: (text: string) => boolean
  #waiting: string[] = []
  #length = 0
  #lost = 0
  #free = true

  /** `write` returns false when the reader has enough; `drained` is to be called when it takes more. */
  constructor(write: (text: string) => boolean) {
    this.#write = write
  }

  push(line: object): void {
    const text = `${JSON.stringify(line)}\n`
    if (this.#free) {
      this.#free = this.#write(text)
      return
    }
    this.#waiting.push(text)
    this.#length += text.length
    while (this.#length > mostWaiting) {
      this.#length -= this.#waiting.shift()?.length ?? 0
      this.#lost += 1
    }
  }

  drained(): void {
    this.#free = true
    if (this.#lost > 0) {
      this.#free = this.#write(`${JSON.stringify({ lost: this.#lost })}\n`)
      this.#lost = 0
    }
    while (this.#free && this.#waiting.length > 0) {
      const text = this.#waiting.shift() ?? ''
      this.#length -= text.length
      this.#free = this.#write(text)
    }
  }
}
