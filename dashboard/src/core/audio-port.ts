import type { SoundDuty } from './sound-duty.ts'
import type { BurstKind } from '#domain/sound/bursts.ts'

export type AudioContextLook = 'running' | 'suspended' | 'closed' | 'interrupted'

export interface SoundLook {
  /** Running AND its clock advances: only then can an alarm be heard. */
  readonly armed: boolean
  readonly state: AudioContextLook
  readonly advancing: boolean
  /** Another tab of this browser sounds for this one. */
  readonly elsewhere: boolean
  readonly testedAt: number | null
  /** What repeats here now; null: nothing, or not from this tab. */
  readonly sounding: SoundDuty['steady']
}

/** The station's loudspeaker. */
export interface AudioDesk {
  /** Call inside a user gesture: browsers keep quiet until one. */
  arm(): void
  /** What is to be heard from now on; called on every message of the worker, never by a page timer alone. */
  apply(duty: SoundDuty): void
  /** One burst through the very path an alarm takes. False: not armed. */
  test(kind: BurstKind): boolean
  /**
   * The very path of an alarm without a sound. `heard` is called once the audio clock has passed its end, with how far it advanced, ms;
   * never, when it stands.
   */
  prove(heard: (audioMs: number) => void): void
  /**
   * Called whenever the audio clock has passed the end of an alarm's burst that was played here, with when it began, the page's monotonic ms.
   * Not for tests, and not for what was cut off.
   */
  onSounded(listener: (kind: BurstKind, startedAt: number) => void): void
  /** Of the bursts to come, 0 to 1. */
  setVolume(volume: number): void
  /** Looks again whether the clock advances. */
  check(): SoundLook
  stop(): void
}
