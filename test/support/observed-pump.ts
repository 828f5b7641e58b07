import type { WatchedSample, WatchedValues } from '#domain/derived/watched-sample.ts'
import { sampleOf } from '#simulators/core/mqtt-json/twin.ts'
import type { PumpReading } from '#simulators/core/protocol-twin.ts'
import { noiseAt } from '#simulators/core/random.ts'
import type { Random } from '#simulators/core/random.ts'

/** How imperfectly a pump is seen. */
export interface Eyesight {
  /** What its protocol tells. */
  readonly tells: 'everything' | 'no-program' | 'no-mode' | 'no-pressure' | 'no-rate' | 'no-volume'
  readonly counterStepMl: number
  /** The counter is read so much before the rest, ms. */
  readonly counterLagMs: number
  /** True delivery over counted delivery: within a pump's own accuracy. */
  readonly accuracy: number
  /** Shares of samples that are lost, come twice, or come after the next one. */
  readonly lost: number
  readonly twice: number
  readonly overtaken: number
  /** Silences an hour in the mean, each of up to half an hour. */
  readonly gapsPerHour: number
  /** A patient who sits up, lies down, coughs: events an hour. */
  readonly movesPerHour: number
}

export const perfectEyes: Eyesight = {
  tells: 'everything',
  counterStepMl: 0.001,
  counterLagMs: 0,
  accuracy: 1,
  lost: 0,
  twice: 0,
  overtaken: 0,
  gapsPerHour: 0,
  movesPerHour: 0,
}

const tellings = ['everything', 'no-program', 'no-mode', 'no-pressure', 'no-rate', 'no-volume'] as const

/** As bad as homes may be. */
export const someEyes = (random: Random): Eyesight => ({
  tells: tellings[random.whole(0, 3)] ?? 'everything',
  counterStepMl: [0.001, 0.01, 0.1, 0.5, 1][random.whole(0, 4)] ?? 0.001,
  counterLagMs: random.between(0, 15_000),
  accuracy: random.between(0.93, 1.07),
  lost: 0.01,
  twice: 0.01,
  overtaken: 0.02,
  gapsPerHour: 0.05,
  movesPerHour: 1,
})

const hourMs = 3_600_000

/** Sees the readings of one pump and makes of them what arrives. */
export class ObservedPump {
  readonly #eyes: Eyesight
  readonly #random: Random
  #seq = 0
  #counters: readonly {
    readonly at: number
    readonly ml: number
    readonly segmentMl: number
    readonly leftMl: number
  }[] = []
  #held: WatchedSample | null = null
  #silentTo = 0
  #lastAt: number | null = null
  #postureMmHg = 0
  #coughTo = 0

  constructor(eyes: Eyesight, random: Random) {
    this.#eyes = eyes
    this.#random = random
  }

  /** What arrives because of this reading: none, one, or several samples, in the order of their arrival. */
  see(reading: PumpReading, at: number): readonly WatchedSample[] {
    const { lost, twice, overtaken, gapsPerHour } = this.#eyes
    const sample = this.#sampleOf(reading, at)
    const hours = (at - (this.#lastAt ?? at)) / hourMs
    this.#lastAt = at
    if (this.#random.next() < gapsPerHour * hours) this.#silentTo = at + this.#random.between(60_000, 1_800_000)
    if (at < this.#silentTo || this.#random.next() < lost) return []
    const held = this.#held
    this.#held = null
    if (held === null && this.#random.next() < overtaken) {
      this.#held = sample
      return []
    }
    return [sample, ...(held === null ? [] : [held]), ...(this.#random.next() < twice ? [sample] : [])]
  }

  #sampleOf(reading: PumpReading, at: number): WatchedSample {
    this.#seq += 1
    const values: WatchedValues = this.#told(sampleOf(reading, 'pump'), at)
    const jitterMs = Math.round(500 * noiseAt(this.#seq, 1))
    return {
      at: at + jitterMs,
      uncertaintyMs: 500,
      bootId: 'boot',
      monotonicMs: at + jitterMs,
      seq: this.#seq,
      late: false,
      values,
    }
  }

  #told(values: WatchedValues, at: number): WatchedValues {
    const { tells, accuracy } = this.#eyes
    this.#counters = [
      ...this.#counters,
      {
        at,
        ml: (values.infusedTotalMl ?? 0) * accuracy,
        segmentMl: (values.infusedSegmentMl ?? 0) * accuracy,
        leftMl: values.programRemainingMl ?? 0,
      },
    ]
    const from = this.#counters.findLastIndex((one) => one.at <= at - this.#eyes.counterLagMs)
    this.#counters = this.#counters.slice(Math.max(0, from))
    const counter = this.#counters[0]
    const seen: WatchedValues = {
      ...values,
      infusedTotalMl: this.#stepped(counter?.ml ?? 0),
      infusedSegmentMl: this.#stepped(counter?.segmentMl ?? 0),
      linePressureMmHg: this.#pressure(values.linePressureMmHg ?? 0, at),
    }
    const noMode: WatchedValues = { ...seen, deliveryMode: 'unknown', programmedRateMlPerHour: null }
    switch (tells) {
      case 'everything':
        return seen
      case 'no-program':
        return { ...seen, programmedRateMlPerHour: null }
      case 'no-mode':
        return { ...noMode, infusedSegmentMl: null, programRemainingMl: null }
      case 'no-pressure':
        return {
          ...noMode,
          linePressureMmHg: null,
          rateMlPerHour: seen.operatingState === 'bolus' ? null : seen.rateMlPerHour,
        }
      case 'no-rate':
        return { ...noMode, rateMlPerHour: null, linePressureMmHg: null }
      case 'no-volume':
        return { ...seen, infusedTotalMl: null, infusedSegmentMl: null, programRemainingMl: null }
    }
  }

  #stepped(ml: number): number {
    const step = this.#eyes.counterStepMl
    return Math.round(Math.floor(ml / step + 1e-9) * step * 10_000) / 10_000
  }

  /** Sitting up raises the line over the heart: 7.4 mmHg for each 10 cm. A cough lasts seconds. */
  #pressure(mmHg: number, at: number): number {
    const { movesPerHour } = this.#eyes
    if (movesPerHour === 0) return mmHg
    const hours = (at - (this.#lastAt ?? at)) / hourMs
    if (this.#random.next() < movesPerHour * hours) this.#postureMmHg = this.#random.between(-30, 45)
    if (this.#random.next() < 4 * movesPerHour * hours) this.#coughTo = at + this.#random.between(2000, 20_000)
    const cough = at < this.#coughTo ? this.#random.between(10, 80) : 0
    const slow = 8 * Math.sin((2 * Math.PI * at) / (1.3 * hourMs))
    return Math.round(mmHg + this.#postureMmHg + cough + slow)
  }
}
