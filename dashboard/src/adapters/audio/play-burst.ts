import { burstLengthMs } from '#domain/sound/bursts.ts'
import type { Burst } from '#domain/sound/bursts.ts'

export interface PlayedBurst {
  /** On the context's own clock, ms. */
  readonly startMs: number
  readonly endMs: number
  /** Called once the audio clock has passed its last pulse; never, when the clock stands. */
  onOver(over: () => void): void
  cancel(): void
}

const releaseMs = 15

/** Puts a burst onto the audio clock: per pulse one oscillator for each partial, under one envelope. */
export const playBurst = (
  context: BaseAudioContext,
  burst: Burst,
  startMs: number,
  volume: number,
  into: AudioNode = context.destination,
): PlayedBurst => {
  const out = context.createGain()
  out.gain.value = volume / burst.partials.reduce((sum, amplitude) => sum + amplitude, 0)
  out.connect(into)
  const oscillators: OscillatorNode[] = []
  for (const pulse of burst.pulses) {
    const from = (startMs + pulse.startMs) / 1000
    const to = from + pulse.lengthMs / 1000
    const envelope = context.createGain()
    envelope.gain.setValueAtTime(0, from)
    envelope.gain.linearRampToValueAtTime(1, from + pulse.riseMs / 1000)
    envelope.gain.setValueAtTime(1, to - pulse.fallMs / 1000)
    envelope.gain.linearRampToValueAtTime(0, to)
    envelope.connect(out)
    burst.partials.forEach((amplitude, index) => {
      const oscillator = context.createOscillator()
      oscillator.frequency.value = pulse.fundamentalHz * (index + 1)
      const level = context.createGain()
      level.gain.value = amplitude
      oscillator.connect(level).connect(envelope)
      oscillator.start(from)
      oscillator.stop(to)
      oscillators.push(oscillator)
    })
  }
  const last = oscillators.at(-1)
  return {
    startMs,
    endMs: startMs + burstLengthMs(burst),
    onOver: (over) => last?.addEventListener('ended', over, { once: true }),
    cancel: () => {
      const now = context.currentTime
      out.gain.setValueAtTime(out.gain.value, now)
      out.gain.linearRampToValueAtTime(0, now + releaseMs / 1000)
      for (const oscillator of oscillators) oscillator.stop(now + releaseMs / 1000)
    },
  }
}
