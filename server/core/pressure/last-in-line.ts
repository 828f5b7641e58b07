/** One after the other, each when everybody else who is there was served. Nobody is refused. */
export class LastInLine {
  readonly #later: (task: () => void) => void
  readonly #waiting: (() => void)[] = []

  /** `later`: once what is already there was served. */
  constructor(later: (task: () => void) => void) {
    this.#later = later
  }

  turn(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
      if (this.#waiting.length === 1) this.#later(() => this.#next())
    })
  }

  #next(): void {
    this.#waiting.shift()?.()
    if (this.#waiting.length > 0) this.#later(() => this.#next())
  }
}
