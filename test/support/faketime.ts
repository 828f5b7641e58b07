import { writeFileSync } from 'node:fs'
import { faketimeEnvironment } from '#simulators/adapters/faketime-clock.ts'
import { findService } from './services.ts'

/** Environment under which a program sees another wall clock. */
export class FakeTime {
  readonly #file: string
  readonly environment: Readonly<Record<string, string>>

  private constructor(environment: Readonly<Record<string, string>>, file: string) {
    this.#file = file
    this.environment = environment
  }

  /** Null: the package is not installed. `file` keeps how far the clock is off. */
  static at(file: string): FakeTime | null {
    const environment = findService('faketime') === null ? null : faketimeEnvironment(file)
    return environment === null ? null : new FakeTime(environment, file)
  }

  /** From now on the clock differs from the true one by this, ms: a step for whoever runs. */
  set(offsetMs: number): void {
    writeFileSync(this.#file, `${offsetMs < 0 ? '-' : '+'}${Math.round(Math.abs(offsetMs) / 1_000)}\n`)
  }
}
