import { AudioPulse } from '#dashboard/core/audio-pulse.ts'
import type { AudioDesk, SoundLook, SoundOutputs } from '#dashboard/core/audio-port.ts'
import type { SoundDuty } from '#dashboard/core/sound-duty.ts'
import { bursts, burstLengthMs } from '#domain/sound/bursts.ts'
import type { BurstKind } from '#domain/sound/bursts.ts'
import { AudioStage } from './audio-stage.ts'
import type { StagedBurst } from './audio-stage.ts'
import { SoundingTab } from './sounding-tab.ts'

/** Bursts stand ready on the audio clock this far ahead, so that a slow page does not tear a hole. */
const aheadBursts = 2
/** Gain at full volume: six partials in phase stay below clipping. */
const fullGain = 0.8
/** What is scheduled for this very moment would begin in its middle. */
const startAfterMs = 20

/** Sounds what is on duty, in one tab per browser. `armed` = the context runs and its clock advances. */
export class WebAudioDesk implements AudioDesk {
  readonly #tab = new SoundingTab()
  readonly #pulse = new AudioPulse()
  #stage: AudioStage | null = null
  #volume = 0.6
  #outputId: string | null = null
  #wanted = false
  #advancing = false
  #testedAt: number | null = null
  #steady: SoundDuty['steady'] = null
  #scheduled: readonly StagedBurst[] = []
  #proofs: readonly StagedBurst[] = []
  #busyUntil = 0
  readonly #played = new Set<string>()
  #listener: (kind: BurstKind, startedAt: number) => void = () => undefined

  arm(): void {
    const before = this.#stage
    this.#wanted = true
    // Asked before, it had its time and stands all the same: what is built inside a press runs.
    if (before !== null && !this.#advancing && this.#pulse.isOverdue) return this.#rebuild()
    const stage = before ?? this.#build()
    stage.resume()
  }

  check(): SoundLook {
    const stage = this.#stage
    if (stage !== null) {
      const pulse = this.#pulse.look(stage.state, stage.context.currentTime, wasPressed(), performance.now())
      this.#advancing = pulse === 'advancing'
      if (pulse === 'dead' && this.#wanted) this.#rebuild()
    }
    for (const burst of this.#scheduled) burst.listen()
    for (const burst of this.#proofs) burst.listen()
    this.#tab.want(this.#advancing)
    return {
      armed: this.#advancing,
      state: this.#stage?.state ?? 'closed',
      advancing: this.#advancing,
      place: this.#tab.place,
      output: this.#stage?.output ?? 'system',
      testedAt: this.#testedAt,
      sounding: this.#steady,
    }
  }

  apply(duty: SoundDuty): void {
    const { armed, place } = this.check()
    if (!armed || place !== 'here') {
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

  test(kind: BurstKind, serverNow: number | null): boolean {
    if (!this.check().armed) return false
    this.#play(kind, this.#now())
    this.#testedAt = serverNow
    return true
  }

  prove(heard: (audioMs: number) => void): void {
    if (!this.check().armed || this.#stage === null) return
    const fromMs = this.#now()
    const burst = this.#stage.play(bursts.high, fromMs + startAfterMs, this.#volume * fullGain, 'silent')
    this.#proofs = [...this.#proofs, burst]
    this.#whenOver(burst, () => {
      this.#proofs = this.#proofs.filter((one) => one !== burst)
      const nowMs = this.#now()
      if (burst.listen() && nowMs > fromMs) heard(nowMs - fromMs)
    })
  }

  onSounded(listener: (kind: BurstKind, startedAt: number) => void): void {
    this.#listener = listener
  }

  setVolume(volume: number): void {
    this.#volume = volume
  }

  setOutput(id: string | null): void {
    this.#outputId = id
    void this.#stage?.leaveBy(id)
  }

  async outputs(ask: boolean): Promise<SoundOutputs> {
    const { outputList } = await import('./output-list.ts')
    return outputList(ask)
  }

  stop(): void {
    this.#cancel()
    this.#steady = null
    this.#tab.want(false)
    this.#stage?.close()
    this.#stage = null
    this.#wanted = false
    this.#advancing = false
  }

  #build(): AudioStage {
    const stage = new AudioStage()
    this.#stage = stage
    this.#pulse.begin()
    this.#advancing = false
    this.#proofs = []
    void stage.leaveBy(this.#outputId)
    return stage
  }

  #rebuild(): void {
    this.#cancel()
    this.#steady = null
    this.#stage?.close()
    this.#build().resume()
  }

  #now(): number {
    return (this.#stage?.context.currentTime ?? 0) * 1000
  }

  #keepAhead(kind: Exclude<SoundDuty['steady'], null>): void {
    const repeatMs = bursts[kind].repeatMs
    if (repeatMs === null) return
    const now = this.#now()
    this.#scheduled = this.#scheduled.filter((burst) => burst.endMs > now)
    const waiting = this.#scheduled.filter((burst) => burst.startMs > now).length
    for (let missing = aheadBursts - waiting; missing > 0; missing--) {
      const last = this.#scheduled.at(-1)
      const burst = this.#play(kind, last === undefined ? now : Math.max(now, last.startMs + repeatMs))
      if (burst !== null)
        this.#whenOver(burst, () => {
          // One that was cut off ends, too, but the clock has not passed its end then.
          if (burst.isPast && burst.listen()) this.#listener(kind, performance.now() - (burst.endMs - burst.startMs))
        })
    }
  }

  /** Not when another context has taken the place of its own, or its own does not run. */
  #whenOver(burst: StagedBurst, then: () => void): void {
    const stage = this.#stage
    burst.onOver(() => {
      if (stage !== null && stage === this.#stage && stage.state === 'running') then()
    })
  }

  /** Never two bursts at once. */
  #play(kind: BurstKind, atMs: number): StagedBurst | null {
    if (this.#stage === null) return null
    const startMs = Math.max(atMs, this.#busyUntil, this.#now() + startAfterMs)
    const burst = this.#stage.play(bursts[kind], startMs, this.#volume * fullGain, 'aloud')
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

/** Absent in older browsers: there only a press brings back what was suspended. */
const wasPressed = (): boolean => 'userActivation' in navigator && navigator.userActivation.hasBeenActive
