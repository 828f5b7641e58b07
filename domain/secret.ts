/** A value that must not reach a log, an error or a page: printing it in any way says `[redacted]`. */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  /** The one way to the value. */
  reveal(): string {
    return this.#value
  }

  toString(): string {
    return '[redacted]'
  }

  toJSON(): string {
    return '[redacted]'
  }

  // console.log and util.inspect
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[redacted]'
  }
}
