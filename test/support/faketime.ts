import { globSync, writeFileSync } from 'node:fs'
import { findService } from './services.ts'

/** Environment under which a program sees another wall clock; its monotonic clock and the times of files stay true. */
export class FakeTime {
  readonly #file: string
  readonly environment: Readonly<Record<string, string>>

  private constructor(library: string, file: string) {
    this.#file = file
    this.environment = {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      NO_FAKE_STAT: '1',
    }
  }

  /** Null: the package is not installed. `file` keeps how far the clock is off. */
  static at(file: string): FakeTime | null {
    if (findService('faketime') === null) return null
    const [library] = globSync('/usr/lib/{*/,}faketime/libfaketimeMT.so.1')
    return library === undefined ? null : new FakeTime(library, file)
  }

  /** From now on the clock differs from the true one by this, ms: a step for whoever runs. */
  set(offsetMs: number): void {
    writeFileSync(this.#file, `${offsetMs < 0 ? '-' : '+'}${Math.round(Math.abs(offsetMs) / 1_000)}\n`)
  }
}
