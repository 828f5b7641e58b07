import type { FirmwareBug } from './faults/catalog.ts'

/** The bugs of a pump's firmware that are switched on, and what they need to remember. */
export class FirmwareBugs {
  readonly #on = new Set<FirmwareBug>()
  #numbers = 0

  set(bug: FirmwareBug, on: boolean): void {
    if (on) this.#on.add(bug)
    else this.#on.delete(bug)
  }

  has(bug: FirmwareBug): boolean {
    return this.#on.has(bug)
  }

  /** mL/h as this firmware tells them. */
  rate(mlPerHour: number): number {
    return this.has('wrong-unit') ? mlPerHour / 60 : mlPerHour
  }

  /** mL as firmware tells them that has no rate to get wrong. */
  volume(ml: number): number {
    return this.has('wrong-unit') ? ml / 10 : ml
  }

  /** What stays shown: an alarm that was shown once does not leave. */
  shown<T>(before: readonly T[], now: readonly T[]): readonly T[] {
    return this.has('stuck-alarm') ? [...now, ...before.filter((one) => !now.includes(one))] : now
  }

  /** How far a number goes on: every third skips one. */
  stride(): number {
    if (!this.has('skipped-numbers')) return 1
    this.#numbers += 1
    return this.#numbers % 3 === 0 ? 2 : 1
  }
}
