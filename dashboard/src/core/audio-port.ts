import type { SoundDuty } from './sound-duty.ts'
import type { BurstKind } from '#domain/sound/bursts.ts'

export type AudioContextLook = 'running' | 'suspended' | 'closed' | 'interrupted'

export interface SoundLook {
  /** Running AND its clock advances: only then can an alarm be heard. */
  readonly armed: boolean
  readonly state: AudioContextLook
  readonly advancing: boolean
  /** Which tab of this browser sounds; `nowhere`: this one has asked for it, and no other has said that it does. */
  readonly place: SoundingPlace
  /** Through what it leaves; `lost`: what was chosen is not there, and the system's own is used. */
  readonly output: 'system' | 'chosen' | 'lost'
  /** Server time, ms; null: not since this page was opened. */
  readonly testedAt: number | null
  /** What repeats here now; null: nothing, or not from this tab. */
  readonly sounding: SoundDuty['steady']
}

export type SoundingPlace = 'here' | 'elsewhere' | 'nowhere'

export interface SoundOutput {
  readonly id: string
  readonly name: string
}

/** `unnamed`: the browser tells only after somebody has agreed. */
export type SoundOutputs = readonly SoundOutput[] | 'unnamed' | 'unsupported'

/** The station's loudspeaker. */
export interface AudioDesk {
  /** Call inside a user gesture: browsers keep quiet until one. */
  arm(): void
  /** What is to be heard from now on; called on every message of the worker, never by a page timer alone. */
  apply(duty: SoundDuty): void
  /** One burst through the very path an alarm takes, at this server time (ms; null: not known yet). False: not armed. */
  test(kind: BurstKind, serverNow: number | null): boolean
  /**
   * The very path of an alarm without a sound. `heard` is called once the audio clock has passed its end and the signal was seen just
   * before it was turned to nothing, with how far the clock advanced, ms; else never.
   */
  prove(heard: (audioMs: number) => void): void
  /**
   * Called whenever the audio clock has passed the end of an alarm's burst that was played here and seen on its way to the loudspeaker,
   * with when it began, the page's monotonic ms.
   * Not for tests, and not for what was cut off.
   */
  onSounded(listener: (kind: BurstKind, startedAt: number) => void): void
  /** Of the bursts to come, 0 to 1. */
  setVolume(volume: number): void
  /** Through which output, by its id; null: the system's own. */
  setOutput(id: string | null): void
  /** What there is to choose from. `ask`: inside a press, for names that the browser does not tell by itself. */
  outputs(ask: boolean): Promise<SoundOutputs>
  /** Looks again whether the clock advances; at least once a second. */
  check(): SoundLook
  stop(): void
}
