// A hub's day as runs of the same kind, for one drawing. Letters: domain/hub-day/slots.ts. Pure.

export type StripKind = 'heard' | 'partly' | 'silent' | 'unknown'

export interface StripRun {
  readonly kind: StripKind
  /** Slots from the start of the strip. */
  readonly from: number
  readonly length: number
}

export interface Strip {
  readonly runs: readonly StripRun[]
  /** Slots in which the hub restarted. */
  readonly restarts: readonly number[]
  readonly slots: number
}

const kinds: Readonly<Record<string, StripKind>> = { h: 'heard', p: 'partly', s: 'silent' }
const kindOf = (letter: string): StripKind => kinds[letter.toLowerCase()] ?? 'unknown'

/** Right-aligned on `slots`: what is missing at the start is not known. */
export const stripOf = (letters: string, slots: number): Strip => {
  const whole = letters.slice(-slots).padStart(slots, '.')
  const runs: { kind: StripKind; from: number; length: number }[] = []
  const restarts: number[] = []
  for (const [at, letter] of Array.from(whole).entries()) {
    const kind = kindOf(letter)
    const last = runs.at(-1)
    if (last?.kind === kind) last.length += 1
    else runs.push({ kind, from: at, length: 1 })
    if (letter === 'H' || letter === 'P') restarts.push(at)
  }
  return { runs, restarts, slots }
}

/** Hours of silence of a day and how often it restarted, for whoever cannot see the drawing. */
export const stripSums = ({ runs, restarts }: Strip, slotMs: number) => {
  const sum = (kind: StripKind): number =>
    runs.filter((run) => run.kind === kind).reduce((all, { length }) => all + length * slotMs, 0)
  return {
    heardMs: sum('heard') + sum('partly'),
    silentMs: sum('silent'),
    unknownMs: sum('unknown'),
    restarts: restarts.length,
  }
}
