import type { AudioContextLook, SoundLook } from '#dashboard/core/audio-port.ts'
import type { Burst } from '#domain/sound/bursts.ts'
import { Ear } from './ear.ts'
import { playBurst } from './play-burst.ts'
import type { PlayedBurst } from './play-burst.ts'

declare global {
  interface AudioContext {
    /** Absent in Firefox and Safari. */
    readonly setSinkId?: (id: string) => Promise<void>
  }
}

/** The clock moves in blocks of samples, and an oscillator ends within one. */
const clockStepMs = 10

export interface StagedBurst extends PlayedBurst {
  /** Its signal has passed on the way to the loudspeaker; to be asked about once a second. */
  listen(): boolean
  /** The audio clock has passed its end. */
  readonly isPast: boolean
}

/** One audio context and what leads from its bursts to the loudspeaker. */
export class AudioStage {
  readonly context = new AudioContext({ latencyHint: 'interactive' })
  output: SoundLook['output'] = 'system'
  readonly #ears = { aloud: new Ear(this.context, true), silent: new Ear(this.context, false) }

  get state(): AudioContextLook {
    // `interrupted` is Safari's: a phone call took the loudspeaker.
    const state: string = this.context.state
    return state === 'running' || state === 'suspended' || state === 'interrupted' ? state : 'closed'
  }

  resume(): void {
    this.context.resume().catch(() => undefined)
  }

  close(): void {
    this.context.close().catch(() => undefined)
  }

  /** One that is not there any more must not take the sound with it. */
  async leaveBy(id: string | null): Promise<void> {
    if (this.context.setSinkId === undefined || (id === null && this.output === 'system')) return
    try {
      await this.context.setSinkId(id ?? '')
      this.output = id === null ? 'system' : 'chosen'
    } catch {
      this.output = 'lost'
    }
  }

  play(burst: Burst, startMs: number, volume: number, how: 'aloud' | 'silent'): StagedBurst {
    const { context } = this
    const ear = this.#ears[how]
    const played = playBurst(context, burst, startMs, volume, ear.input)
    let heard = false
    return {
      ...played,
      listen: () => (heard ||= ear.hears(startMs)),
      get isPast() {
        return context.currentTime * 1000 >= played.endMs - clockStepMs
      },
    }
  }
}
