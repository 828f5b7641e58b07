// What each burst is made of: frequencies in Hz, times in ms from the burst's start. Ideas of IEC 60601-1-8, no conformity
// claimed. The partials carry the energy, because laptop and phone speakers lose what lies under about 400 Hz.

export type BurstKind = 'high' | 'medium' | 'low' | 'not-live' | 'info'

export interface Pulse {
  readonly startMs: number
  readonly lengthMs: number
  readonly riseMs: number
  readonly fallMs: number
  readonly fundamentalHz: number
}

export interface Burst {
  readonly kind: BurstKind
  readonly pulses: readonly Pulse[]
  /** Amplitudes of partials 1, 2, 3 … of every pulse. */
  readonly partials: readonly number[]
  /** Start to start; null: it sounds once. */
  readonly repeatMs: number | null
}

const C5 = 523.25
const D4 = 293.66
const G4 = 392
const E5 = 659.25

const fullPartials = [1, 0.9, 0.8, 0.65, 0.5, 0.4]
const dullPartials = [1, 0.3, 0.15]

interface Shape {
  readonly lengthMs: number
  readonly riseMs: number
  readonly fallMs: number
}

const pulsesAt = (shape: Shape, onsets: readonly number[], melody: readonly number[]): readonly Pulse[] =>
  onsets.map((startMs, index) => ({ startMs, ...shape, fundamentalHz: melody[index % melody.length] ?? C5 }))

export const bursts: Readonly<Record<BurstKind, Burst>> = {
  // Ten pulses, (3 + 2) twice; each half plays the five notes from their start.
  high: {
    kind: 'high',
    pulses: pulsesAt(
      { lengthMs: 150, riseMs: 30, fallMs: 40 },
      [0, 225, 450, 900, 1125, 1775, 2000, 2225, 2675, 2900],
      [C5, D4, G4, C5, D4],
    ),
    partials: fullPartials,
    repeatMs: 10_000,
  },
  medium: {
    kind: 'medium',
    pulses: pulsesAt({ lengthMs: 200, riseMs: 40, fallMs: 60 }, [0, 400, 800], [C5, D4, G4]),
    partials: fullPartials,
    repeatMs: 25_000,
  },
  low: {
    kind: 'low',
    pulses: pulsesAt({ lengthMs: 200, riseMs: 50, fallMs: 80 }, [0, 400], [E5, C5]),
    partials: fullPartials,
    repeatMs: null,
  },
  'not-live': {
    kind: 'not-live',
    pulses: pulsesAt({ lengthMs: 250, riseMs: 30, fallMs: 40 }, [0, 370, 740], [440, 370, 311]),
    partials: dullPartials,
    repeatMs: 15_000,
  },
  info: {
    kind: 'info',
    pulses: pulsesAt({ lengthMs: 120, riseMs: 30, fallMs: 60 }, [0], [784]),
    partials: [1],
    repeatMs: null,
  },
}

export const burstLengthMs = (burst: Burst): number =>
  Math.max(...burst.pulses.map((pulse) => pulse.startMs + pulse.lengthMs))
