import type { AudioContextLook, AudioDesk, SoundLook } from '#dashboard/core/audio-port.ts'
import type { SoundDuty } from '#dashboard/core/sound-duty.ts'
import { bursts, burstLengthMs } from '#domain/sound/bursts.ts'
import type { BurstKind } from '#domain/sound/bursts.ts'
import { playBurst } from './play-burst.ts'
import type { PlayedBurst } from './play-burst.ts'
import { SoundingTab } from './sounding-tab.ts'

/** Bursts stand ready on the audio clock this far ahead, so that a slow page does not tear a hole. */
const aheadBursts = 2
/** An audio clock that stands still this long after it should run is dead: build a new context. */
const deadAfterMs = 500
/** Gain at full volume: six partials in phase stay below clipping. */
const fullGain = 0.8
/** What is scheduled for this very moment would begin in its middle. */
const startAfterMs = 20
/** The clock moves in blocks of samples, and an oscillator ends within one. */
const clockStepMs = 10

/** Sounds what is on duty, in one tab per browser. `armed` = the context runs and its clock advances. */
export class WebAudioDesk implements AudioDesk {
  readonly #tab = new SoundingTab()
  #context: AudioContext | null = null
  #volume = 0.6
  #armedOnce = false
  /** A clock that stands at its beginning has not advanced. */
  #lastClock = 0
  #lastClockAt = 0
  #advancing = false
  #testedAt: number | null = null
  #steady: SoundDuty['steady'] = null
  #scheduled: readonly PlayedBurst[] = []
  #busyUntil = 0
  readonly #played = new Set<string>()
  #listener: (kind: BurstKind, startedAt: number) => void = () => undefined

  arm(): void {
    this.#armedOnce = true
    const context = this.#context ?? this.#build()
    void context.resume().catch(() => undefined)
  }

  check(): SoundLook {
    const context = this.#context
    const now = performance.now()
    if (context !== null) {
      if (context.currentTime > this.#lastClock) {
        this.#advancing = context.state === 'running'
        this.#lastClock = context.currentTime
        this.#lastClockAt = now
      } else if (now - this.#lastClockAt > deadAfterMs) {
        this.#advancing = false
        if (context.state === 'running' && this.#armedOnce) this.#rebuild()
      }
    }
    const armed = this.#advancing
    this.#tab.want(armed)
    return {
      armed,
      state: lookOf(context),
      advancing: this.#advancing,
      elsewhere: armed && !this.#tab.mine,
      testedAt: this.#testedAt,
      sounding: this.#steady,
    }
  }

  apply(duty: SoundDuty): void {
    if (!this.check().armed || !this.#tab.mine) {
      this.#cancel()
      this.#steady = null
      return
    }
    if (duty.steady !== this.#steady) {
      this.#cancel()
      this.#steady = duty.steady
    }
    if (this.#steady !== null) this.#keepAhead(this.#steady)
    for (const { key, kind } of duty.once) {
      if (this.#played.has(key)) continue
      this.#played.add(key)
      // Only the highest priority sounds; the list shows all.
      if (this.#steady === null) this.#play(kind, this.#now())
    }
  }

  test(kind: BurstKind): boolean {
    if (!this.check().armed) return false
    this.#play(kind, this.#now())
    this.#testedAt = Date.now()
    return true
  }

  prove(heard: (audioMs: number) => void): void {
    const context = this.#context
    if (context === null || !this.check().armed) return
    const fromMs = this.#now()
    const burst = playBurst(context, bursts.high, fromMs + startAfterMs, 0)
    const tell = (): void => {
      const nowMs = context.currentTime * 1000
      if (context === this.#context && context.state === 'running' && nowMs > fromMs) heard(nowMs - fromMs)
    }
    burst.onOver(tell)
  }

  onSounded(listener: (kind: BurstKind, startedAt: number) => void): void {
    this.#listener = listener
  }

  setVolume(volume: number): void {
    this.#volume = volume
  }

  stop(): void {
    this.#cancel()
    this.#steady = null
    this.#tab.want(false)
    void this.#context?.close().catch(() => undefined)
    this.#context = null
    this.#armedOnce = false
    this.#advancing = false
    this.#lastClock = 0
  }

  #build(): AudioContext {
    const context = new AudioContext({ latencyHint: 'interactive' })
    this.#context = context
    this.#lastClock = 0
    this.#lastClockAt = performance.now()
    return context
  }

  #rebuild(): void {
    this.#cancel()
    this.#steady = null
    void this.#context?.close().catch(() => undefined)
    void this.#build()
      .resume()
      .catch(() => undefined)
  }

  #now(): number {
    return (this.#context?.currentTime ?? 0) * 1000
  }

  #keepAhead(kind: Exclude<SoundDuty['steady'], null>): void {
    const repeatMs = bursts[kind].repeatMs
    if (repeatMs === null) return
    const now = this.#now()
    this.#scheduled = this.#scheduled.filter((burst) => burst.endMs > now)
    const waiting = this.#scheduled.filter((burst) => burst.startMs > now).length
    for (let missing = aheadBursts - waiting; missing > 0; missing--) {
      const last = this.#scheduled.at(-1)
      this.#tellEnd(kind, this.#play(kind, last === undefined ? now : Math.max(now, last.startMs + repeatMs)))
    }
  }

  /** A burst that was cut off ends, too, but the clock has not passed its end then. */
  #tellEnd(kind: BurstKind, burst: PlayedBurst | null): void {
    const context = this.#context
    burst?.onOver(() => {
      const isHeard = context !== null && context === this.#context && context.state === 'running'
      if (isHeard && context.currentTime * 1000 >= burst.endMs - clockStepMs)
        this.#listener(kind, performance.now() - (burst.endMs - burst.startMs))
    })
  }

  /** Never two bursts at once. */
  #play(kind: BurstKind, atMs: number): PlayedBurst | null {
    const context = this.#context
    if (context === null) return null
    const startMs = Math.max(atMs, this.#busyUntil, this.#now() + startAfterMs)
    const burst = playBurst(context, bursts[kind], startMs, this.#volume * fullGain)
    this.#scheduled = [...this.#scheduled, burst]
    if (startMs <= this.#now() + 100) this.#busyUntil = startMs + burstLengthMs(bursts[kind])
    return burst
  }

  #cancel(): void {
    for (const burst of this.#scheduled) burst.cancel()
    this.#scheduled = []
    this.#busyUntil = 0
  }
}

const lookOf = (context: AudioContext | null): AudioContextLook => {
  // `interrupted` is Safari's: a phone call took the loudspeaker.
  const state: string = context?.state ?? 'closed'
  return state === 'running' || state === 'suspended' || state === 'interrupted' ? state : 'closed'
}
