import { roughly } from './rough-time.ts'
import type { ClockQuality } from '#domain/uplink/records.ts'
import type { Anchor } from '#domain/uplink/envelope.ts'

// What a hub may believe of its own wall clock. Nothing here enters a duration or an order: those are monotonic (reliability.md 7).

export interface ClockReading {
  readonly monotonicMs: number
  readonly wallAt: number
  readonly quality: ClockQuality
}

/** The wall clock moved by itself. Steps of one minute are told together. */
export interface ClockStep {
  /** Sum; positive: set forward. */
  readonly byMs: number
  readonly steps: number
}

export type ClockDoubt = 'before-known-time' | 'unanchored' | 'off' | 'uncertain' | 'stepped'

export interface ClockStatus {
  readonly quality: ClockQuality
  /** In words, for a person. */
  readonly words: string
  readonly doubt: ClockDoubt | null
  /** Wall clock minus server time, ms; null while no server has told the time in this run. */
  readonly offsetMs: number | null
  /** Of the server time known here, ms. */
  readonly uncertaintyMs: number | null
  /** How fast this hub's oscillator runs against the server's, ± its error, parts per million; null: not known well yet. */
  readonly driftPpm: { readonly value: number; readonly error: number } | null
  readonly steps: number
}

/** More than a time server corrects by slewing (500 ppm) and more than a late look explains. */
const stepMs = 500
const slewPerMs = 500e-6
/** Steps are told at most this often. */
const tellEveryMs = 60_000
/** A step casts doubt on the clock for this long. */
const steppedForMs = 600_000
/** A hub that has just started may still be told the time. */
const anchoredWithinMs = 60_000
const oscillatorPerMs = 50e-6
const untrustedMs = 5_000
/** A drift is told once its own error is below this. */
const driftErrorPpm = 20
/** No oscillator is that wrong: the server's clock was set. */
const implausiblePpm = 1_000

export class ClockModel {
  readonly #knownTime: number
  #started: number | null = null
  #last: ClockReading | null = null
  #pending: ClockStep | null = null
  #toldMs: number | null = null
  #steps = 0
  #steppedMs: number | null = null
  #base: Anchor | null = null
  #anchor: Anchor | null = null

  /** `knownTime`: ms since the epoch, certainly past: a program is not older than its files, nor than the time it has noted. */
  constructor(knownTime: number) {
    this.#knownTime = knownTime
  }

  get knownTime(): number {
    return this.#knownTime
  }

  /** To be called about once a second. Returns a step to be recorded. */
  observe(reading: ClockReading): ClockStep | null {
    const last = this.#last
    this.#last = reading
    this.#started ??= reading.monotonicMs
    if (last !== null) this.#compare(last, reading)
    const due = this.#toldMs === null || reading.monotonicMs - this.#toldMs >= tellEveryMs
    if (this.#pending === null || !due) return null
    const step = this.#pending
    this.#pending = null
    this.#toldMs = reading.monotonicMs
    return step
  }

  /** The newest anchor of this run. */
  anchored(anchor: Anchor | null): void {
    if (anchor === null || anchor === this.#anchor) return
    this.#anchor = anchor
    this.#base ??= anchor
    const drift = driftBetween(this.#base, anchor)
    if (drift !== null && Math.abs(drift.value) - drift.error > implausiblePpm) this.#base = anchor
  }

  /** Server time as known here; null while no server has told it in this run. */
  serverNow(monotonicMs: number): { readonly at: number; readonly uncertaintyMs: number } | null {
    const anchor = this.#anchor
    if (anchor === null) return null
    const elapsed = monotonicMs - anchor.monotonicMs
    return { at: anchor.serverAt + elapsed, uncertaintyMs: anchor.errorMs + oscillatorPerMs * Math.abs(elapsed) }
  }

  /** A time that may be noted as past for later runs; null: nothing vouches for it. */
  vouchedTime({ monotonicMs, wallAt, quality }: ClockReading): number | null {
    return this.serverNow(monotonicMs)?.at ?? (quality === 'ntp' && wallAt >= this.#knownTime ? wallAt : null)
  }

  /** Whether dates of certificates may look wrong because of our own clock. */
  isSuspect(reading: ClockReading): boolean {
    const doubt = this.#doubt(reading)
    return reading.quality !== 'ntp' || doubt === 'before-known-time' || doubt === 'off'
  }

  status(reading: ClockReading): ClockStatus {
    const server = this.serverNow(reading.monotonicMs)
    const offsetMs = server === null ? null : Math.round(reading.wallAt - server.at)
    const drift = this.#base === null || this.#anchor === null ? null : driftBetween(this.#base, this.#anchor)
    const doubt = this.#doubt(reading)
    return {
      quality: reading.quality,
      words: `${qualityWords[reading.quality]}; ${relationWords(offsetMs)}${doubt === null ? '' : `. Not trusted: ${doubtWords[doubt]}`}`,
      doubt,
      offsetMs,
      uncertaintyMs: server === null ? null : Math.round(server.uncertaintyMs),
      driftPpm: drift !== null && drift.error <= driftErrorPpm ? drift : null,
      steps: this.#steps,
    }
  }

  #compare(last: ClockReading, reading: ClockReading): void {
    const elapsed = reading.monotonicMs - last.monotonicMs
    const moved = reading.wallAt - last.wallAt - elapsed
    if (Math.abs(moved) <= stepMs + slewPerMs * elapsed) return
    const { byMs, steps } = this.#pending ?? { byMs: 0, steps: 0 }
    this.#pending = { byMs: Math.round(byMs + moved), steps: steps + 1 }
    this.#steps += 1
    this.#steppedMs = reading.monotonicMs
  }

  #doubt({ monotonicMs, wallAt, quality }: ClockReading): ClockDoubt | null {
    const server = this.serverNow(monotonicMs)
    if (server !== null) {
      if (Math.abs(wallAt - server.at) - server.uncertaintyMs > untrustedMs) return 'off'
      if (server.uncertaintyMs > untrustedMs) return 'uncertain'
    } else {
      if (wallAt < this.#knownTime) return 'before-known-time'
      const waited = monotonicMs - (this.#started ?? monotonicMs)
      if (quality !== 'ntp' && waited >= anchoredWithinMs) return 'unanchored'
    }
    return this.#steppedMs !== null && monotonicMs - this.#steppedMs < steppedForMs ? 'stepped' : null
  }
}

/** To a tenth. */
const partsPerMillion = (share: number): number => Math.round(share * 1e7) / 10

const driftBetween = (base: Anchor, anchor: Anchor): { readonly value: number; readonly error: number } | null => {
  const elapsed = anchor.monotonicMs - base.monotonicMs
  if (elapsed <= 0) return null
  return {
    value: partsPerMillion((anchor.serverAt - base.serverAt - elapsed) / elapsed),
    error: partsPerMillion((anchor.errorMs + base.errorMs) / elapsed),
  }
}

const qualityWords: Readonly<Record<ClockQuality, string>> = {
  ntp: 'set by a time server',
  'device-rtc': 'set from this computer’s battery clock, by no time server',
  none: 'set by nothing: no time server and no battery clock',
  unknown: 'how it was set cannot be found out',
}

const relationWords = (offsetMs: number | null): string => {
  if (offsetMs === null) return 'no server has told the time since the start'
  if (Math.abs(offsetMs) < 1_000) return 'agrees with the server'
  return `${roughly(Math.abs(offsetMs))} ${offsetMs > 0 ? 'ahead of' : 'behind'} the server`
}

const doubtWords: Readonly<Record<ClockDoubt, string>> = {
  'before-known-time': 'it shows a time that is certainly past',
  unanchored: 'nothing vouches for it',
  off: 'it differs from the server by more than 5 s',
  uncertain: 'no server has told the time for more than a day',
  stepped: 'it was set within the last ten minutes',
}

/** Text of the condition `clock-untrusted`: without figures that change by themselves. */
export const doubtText = (doubt: ClockDoubt): string => `the clock of this hub is not trusted: ${doubtWords[doubt]}`
