import type { Random } from '../random.ts'
import type { Timing } from './mixes.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** The hour of the day at which a fleet's time starts: the first night is still to come. */
const firstHour = 18

/** Whole seconds: the grid on which fleets move. */
export const wholeSeconds = (ms: number): number => Math.ceil(ms / 1000) * 1000

/** When the next delivery of one pump begins. Draws in a fixed order, so that it depends on the seed alone. */
export class Timetable {
  readonly #timing: Timing
  readonly #random: Random
  readonly #phaseMs: number
  #nights = 0

  constructor(timing: Timing, random: Random) {
    this.#timing = timing
    this.#random = random
    this.#phaseMs = timing.kind === 'every' ? random.between(0, timing.hours * hourMs) : random.between(1000, 60_000)
  }

  /** Of the first delivery: part of the program that is left, because the fleet has run for long. */
  firstPart(): number {
    return this.#timing.kind === 'in-a-row' ? this.#random.between(0.3, 1) : 1
  }

  /** ms, later than `nowMs`; -1: the fleet has not started. */
  next(nowMs: number): number {
    const timing = this.#timing
    switch (timing.kind) {
      case 'nightly':
        return this.#night(timing, nowMs)
      case 'every': {
        const everyMs = timing.hours * hourMs
        const times = Math.max(0, Math.floor((nowMs - this.#phaseMs) / everyMs) + 1)
        return wholeSeconds(this.#phaseMs + times * everyMs)
      }
      case 'in-a-row': {
        const [least, most] = timing.gapMinutes
        return wholeSeconds(nowMs < 0 ? this.#phaseMs : nowMs + this.#random.between(least, most) * 60_000)
      }
    }
  }

  #night(timing: Timing & { readonly kind: 'nightly' }, nowMs: number): number {
    for (;;) {
      const hour = this.#random.between(timing.fromHour, timing.toHour) - firstHour
      const isWanted = this.#random.next() < timing.nightsPerWeek / 7
      const atMs = wholeSeconds(this.#nights * dayMs + hour * hourMs)
      this.#nights += 1
      if (isWanted && atMs > nowMs) return atMs
    }
  }
}
