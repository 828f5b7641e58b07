import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import type { TruthEntry, TruthLog } from '../core/ports.ts'

/** JSON lines, appended. Written at once, so that a killed simulator has told everything it put on a wire. */
export class TruthFile implements TruthLog, Disposable {
  readonly #file: number

  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true })
    this.#file = openSync(path, 'a')
  }

  write(entry: TruthEntry): void {
    writeSync(this.#file, `${JSON.stringify(entry)}\n`)
  }

  [Symbol.dispose](): void {
    closeSync(this.#file)
  }
}
