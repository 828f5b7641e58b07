/**
 * Slows the guessing of six-digit codes by somebody who has the password: five wrong ones are free, then one try in 30 s, from
 * wherever they come: 2,880 a day of a million. Where this person proved herself before she waits for nobody else's tries, and her
 * passkeys and recovery codes are never slowed: nobody is locked out.
 */
export class CodeBrake {
  readonly #tries = new Map<string, { readonly wrong: number; readonly lastAt: number }>()
  readonly #known = new Set<string>()

  /** ms to wait; 0: this one may be checked, and counts as wrong until `right` is said. */
  take(person: string, address: string, nowMs: number): number {
    const lane = this.#lane(person, address)
    const before = this.#tries.get(lane)
    const wrong = before === undefined || nowMs - before.lastAt >= forgetAfterMs ? 0 : before.wrong
    const wait = wrong < freeTries || before === undefined ? 0 : before.lastAt + spacingMs - nowMs
    if (wait > 0) return wait
    this.#tries.delete(lane)
    this.#tries.set(lane, { wrong: wrong + 1, lastAt: nowMs })
    const oldest = this.#tries.keys().next()
    if (this.#tries.size > mostKept && oldest.done !== true) this.#tries.delete(oldest.value)
    return 0
  }

  right(person: string, address: string): void {
    this.#tries.delete(this.#lane(person, address))
    this.proved(person, address)
  }

  /** With whatever: from here she is known. */
  proved(person: string, address: string): void {
    this.#known.add(`${person}\n${address}`)
    const oldest = this.#known.values().next()
    if (this.#known.size > mostKept && oldest.done !== true) this.#known.delete(oldest.value)
  }

  #lane(person: string, address: string): string {
    const own = `${person}\n${address}`
    return this.#known.has(own) ? own : person
  }
}

const freeTries = 5
const spacingMs = 30_000
const forgetAfterMs = 24 * 3_600_000
const mostKept = 10_000
