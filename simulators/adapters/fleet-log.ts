import { createHash } from 'node:crypto'
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

const fullBytes = 256 * 1024

/** When a line was told, by the clocks of the run. */
export interface Told {
  readonly wallAt: number
  readonly monotonicMs: number
}

/** A fleet's truth log: JSON lines, and a checksum over what they say without the clocks of the run. `path` null: checksum only. */
export class FleetLog implements Disposable {
  readonly #file: number | null
  readonly #hash = createHash('sha256')
  #pending: string[] = []
  #bytes = 0
  #lines = 0

  constructor(path: string | null) {
    if (path !== null) mkdirSync(dirname(path), { recursive: true })
    this.#file = path === null ? null : openSync(path, 'w')
  }

  get lines(): number {
    return this.#lines
  }

  /** Of what the pumps said: counts towards the checksum. */
  write(entry: object, told: Told): void {
    const text = JSON.stringify(entry)
    this.#hash.update(text).update('\n')
    this.#lines += 1
    this.#put(`${text.slice(0, -1)},"wallAt":${told.wallAt},"monotonicMs":${told.monotonicMs}}`)
  }

  /** Of what became of it: only in the file. */
  note(entry: object): void {
    this.#put(JSON.stringify(entry))
  }

  flush(): void {
    if (this.#file !== null && this.#pending.length > 0) writeSync(this.#file, this.#pending.join(''))
    this.#pending = []
    this.#bytes = 0
  }

  /** So far; hexadecimal. */
  checksum(): string {
    return this.#hash.copy().digest('hex')
  }

  [Symbol.dispose](): void {
    this.flush()
    if (this.#file !== null) closeSync(this.#file)
  }

  #put(text: string): void {
    if (this.#file === null) return
    this.#pending.push(`${text}\n`)
    this.#bytes += text.length
    if (this.#bytes >= fullBytes) this.flush()
  }
}
