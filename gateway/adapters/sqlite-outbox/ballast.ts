import { randomBytes } from 'node:crypto'
import { appendFileSync, closeSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs'

const bytesPerStep = 1024 * 1024

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0

/** A file that only takes room, to be given up when somebody else has filled the disk (reliability.md 3 rule 13). */
export class Ballast {
  readonly #path: string
  readonly #bytes: number

  constructor(path: string, bytes: number) {
    this.#path = path
    this.#bytes = bytes
  }

  get bytes(): number {
    return sizeOf(this.#path)
  }

  get held(): boolean {
    return this.bytes > 0
  }

  /** True when there was something to give up. */
  release(): boolean {
    const held = this.held || sizeOf(this.#part) > 0
    rmSync(this.#path, { force: true })
    rmSync(this.#part, { force: true })
    return held
  }

  /** One step of putting it back. Chance fills it, because a disk that compresses keeps nothing for zeros. Never throws. */
  step(): void {
    if (this.held || this.#bytes === 0) return
    try {
      appendFileSync(this.#part, randomBytes(Math.min(bytesPerStep, this.#bytes)))
      if (sizeOf(this.#part) < this.#bytes) return
      const handle = openSync(this.#part, 'r+')
      fsyncSync(handle)
      closeSync(handle)
      renameSync(this.#part, this.#path)
    } catch {
      rmSync(this.#part, { force: true })
    }
  }

  get #part(): string {
    return `${this.#path}.part`
  }
}
