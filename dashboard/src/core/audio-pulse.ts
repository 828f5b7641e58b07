import type { AudioContextLook } from './audio-port.ts'

/** A clock that should run and stands still this long is dead, ms. */
const deadAfterMs = 500
/** A loaded computer is slow to start a context: after each that never ran the next has twice as long, up to this, ms. */
const mostPatienceMs = 8_000
/** Looks are further apart when the page itself stood still: no more than this of such a gap counts against the clock, ms. */
const mostPerLookMs = 1_200

/** `advancing` is the proof. `waiting`: not yet, or no more. `dead`: only another context helps. */
export type Pulse = 'advancing' | 'waiting' | 'dead'

/** Whether an audio clock really advances (dashboard.md W1, W2). Times are the page's monotonic ms; the clock itself is in s. */
export class AudioPulse {
  #clockS = 0
  #stillMs = 0
  #lookedAt: number | null = null
  #state: AudioContextLook = 'suspended'
  #patienceMs = deadAfterMs
  #ran = true
  #advancing = false

  /** Another context: its clock begins at nothing. */
  begin(): void {
    this.#patienceMs = this.#ran ? deadAfterMs : Math.min(this.#patienceMs * 2, mostPatienceMs)
    this.#clockS = 0
    this.#stillMs = 0
    this.#lookedAt = null
    this.#ran = false
    this.#advancing = false
  }

  /** `mayRun`: somebody has pressed something on this page, without which browsers keep a context suspended. */
  look(state: AudioContextLook, clockS: number, mayRun: boolean, now: number): Pulse {
    const sinceMs = Math.min(now - (this.#lookedAt ?? now), mostPerLookMs)
    this.#lookedAt = now
    // From suspended to running it has its time anew.
    if (state !== this.#state) this.#stillMs = 0
    this.#state = state
    if (clockS > this.#clockS) {
      this.#clockS = clockS
      this.#stillMs = 0
      this.#advancing = state === 'running'
      this.#ran ||= this.#advancing
      return this.#advancing ? 'advancing' : 'waiting'
    }
    this.#stillMs += sinceMs
    // The clock moves in blocks: a look right after another one proves nothing against it.
    if (state === 'running' && this.#advancing && this.#stillMs <= deadAfterMs) return 'advancing'
    this.#advancing = false
    // What was interrupted may come back as running with a clock that stands.
    return this.isOverdue && (state !== 'suspended' || mayRun) ? 'dead' : 'waiting'
  }

  /** It had its time to start, or to go on. */
  get isOverdue(): boolean {
    return this.#stillMs > this.#patienceMs
  }
}
