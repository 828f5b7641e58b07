import type { ReadStream, WriteStream } from 'node:tty'

// The other screen and no cursor while it lasts; ESC [?2026: the terminal shows a painting when it is whole.
const enter = '\u001B[?1049h\u001B[?25l\u001B[2J'
const leave = '\u001B[0m\u001B[?25h\u001B[?1049l'

/** A terminal of which the whole screen is ours until it is given back, however the program ends (but for SIGKILL). */
export class Terminal implements Disposable {
  readonly #input: ReadStream
  readonly #output: WriteStream
  #isOurs = false
  readonly #giveBack = (): void => this[Symbol.dispose]()

  constructor(input: ReadStream, output: WriteStream) {
    this.#input = input
    this.#output = output
    process.on('exit', this.#giveBack)
    // Before the words of the crash are printed, so that they stay.
    process.on('uncaughtExceptionMonitor', this.#giveBack)
    this.take()
  }

  get size(): { readonly columns: number; readonly rows: number } {
    const { columns, rows } = this.#output
    return { columns: columns || 80, rows: rows || 24 }
  }

  /** Also after somebody else had the terminal, as after SIGSTOP and SIGCONT. */
  take(): void {
    this.#isOurs = true
    this.#input.setRawMode(true)
    this.#input.resume()
    this.#output.write(enter)
  }

  onKeys(listener: (text: string) => void): void {
    this.#input.setEncoding('utf8')
    this.#input.on('data', listener)
  }

  /** Nobody is at the keyboard any more. */
  onHangUp(listener: () => void): void {
    for (const event of ['end', 'error', 'close']) this.#input.once(event, listener)
    this.#output.once('error', listener)
  }

  onResize(listener: () => void): void {
    this.#output.on('resize', listener)
  }

  clear(): void {
    this.#output.write('\u001B[2J')
  }

  write(text: string): void {
    if (text !== '') this.#output.write(`\u001B[?2026h${text}\u001B[?2026l`)
  }

  [Symbol.dispose](): void {
    if (!this.#isOurs) return
    this.#isOurs = false
    process.off('exit', this.#giveBack)
    process.off('uncaughtExceptionMonitor', this.#giveBack)
    this.#output.write(leave)
    // The terminal may be gone.
    try {
      this.#input.setRawMode(false)
    } catch {}
    this.#input.pause()
  }
}
