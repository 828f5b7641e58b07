import fc from 'fast-check'
import { seededRandom, type Random } from '#simulators/core/random.ts'

// What goes wrong, as data: a plan and a seed are a whole run.

export const faultKinds = [
  'pump-line',
  'hub-link',
  'replies-lost',
  'slow-link',
  'narrow-link',
  'repeated-requests',
  'kill-hub',
  'kill-server',
  'kill-server-before-commit',
  'kill-server-after-commit',
  'hub-clock',
  'server-clock',
  'channels-refuse',
  'channels-time-out',
  'channels-silent',
  'no-channel',
  'nurses-away',
] as const
export type FaultKind = (typeof faultKinds)[number]

export interface Fault {
  readonly kind: FaultKind
  /** s of virtual time. */
  readonly at: number
  readonly lasts: number
  /** Which pump, hub or person; taken modulo as many as there are. */
  readonly target: number
  /** s: how slow, how late again, how far the clock steps. */
  readonly by: number
}

export interface OraclePlan {
  readonly seed: number
  readonly pumps: number
  readonly hubs: number
  /** Of faults and after them, minutes. */
  readonly minutes: number
  readonly calmMinutes: number
  /** Alarms come as often as they do at home, or all the time. */
  readonly mix: 'home' | 'busy'
  readonly faults: readonly Fault[]
}

const ranges: Readonly<
  Record<FaultKind, { readonly lasts: readonly [number, number]; readonly by: readonly [number, number] }>
> = {
  'pump-line': { lasts: [1, 900], by: [0, 0] },
  'hub-link': { lasts: [1, 1_200], by: [0, 0] },
  'replies-lost': { lasts: [5, 300], by: [0, 0] },
  'slow-link': { lasts: [5, 300], by: [1, 40] },
  'narrow-link': { lasts: [5, 300], by: [1, 5] },
  'repeated-requests': { lasts: [5, 900], by: [1, 600] },
  'kill-hub': { lasts: [1, 300], by: [0, 0] },
  'kill-server': { lasts: [1, 120], by: [0, 0] },
  'kill-server-before-commit': { lasts: [1, 60], by: [0, 0] },
  'kill-server-after-commit': { lasts: [1, 60], by: [0, 0] },
  'hub-clock': { lasts: [60, 3_600], by: [-86_400, 86_400] },
  'server-clock': { lasts: [60, 3_600], by: [-3_600, 3_600] },
  'channels-refuse': { lasts: [5, 900], by: [0, 0] },
  'channels-time-out': { lasts: [5, 900], by: [0, 0] },
  'channels-silent': { lasts: [5, 900], by: [0, 0] },
  'no-channel': { lasts: [5, 900], by: [0, 0] },
  'nurses-away': { lasts: [60, 1_800], by: [0, 0] },
}

/** `perHour`: faults of the whole place. */
export const drawFaults = (random: Random, minutes: number, perHour: number): readonly Fault[] =>
  Array.from({ length: Math.round((minutes / 60) * perHour) }, (): Fault => {
    const kind = faultKinds[random.whole(0, faultKinds.length - 1)] ?? 'kill-server'
    const { lasts, by } = ranges[kind]
    // Short ones are more frequent than long ones.
    const length = lasts[0] * (lasts[1] / lasts[0]) ** random.next()
    return {
      kind,
      at: random.whole(30, minutes * 60),
      lasts: Math.round(length),
      target: random.whole(0, 9_999),
      by: random.whole(...by),
    }
  }).toSorted((a, b) => a.at - b.at)

export interface OracleSize {
  readonly mix: OraclePlan['mix']
  readonly pumps: number
  readonly hubs: number
  readonly hours: number
  readonly faultsPerHour: number
}

/** The long run of one seed. */
export const drawnPlan = (seed: number, { mix, pumps, hubs, hours, faultsPerHour }: OracleSize): OraclePlan => {
  const calmMinutes = 30
  const minutes = hours * 60 - calmMinutes
  const faults = drawFaults(seededRandom(seed).fork('faults'), minutes, faultsPerHour)
  return { seed, pumps, hubs, minutes, calmMinutes, mix, faults }
}

const fault = (minutes: number): fc.Arbitrary<Fault> =>
  fc.constantFrom(...faultKinds).chain((kind) => {
    const { lasts, by } = ranges[kind]
    return fc.record({
      kind: fc.constant(kind),
      at: fc.integer({ min: 30, max: minutes * 60 }),
      lasts: fc.integer({ min: lasts[0], max: Math.min(lasts[1], 600) }),
      target: fc.nat({ max: 7 }),
      by: fc.integer({ min: by[0], max: by[1] }),
    })
  })

/** Few pumps with many alarms, a short time, a handful of faults: what fails here shrinks to something a person can read. */
export const arbitraryPlan = (minutes: number): fc.Arbitrary<OraclePlan> =>
  fc.record({
    seed: fc.nat({ max: 1_000_000 }),
    pumps: fc.integer({ min: 1, max: 4 }),
    hubs: fc.integer({ min: 1, max: 2 }),
    minutes: fc.constant(minutes),
    calmMinutes: fc.constant(20),
    mix: fc.constant('busy' as const),
    faults: fc.array(fault(minutes), { maxLength: 6 }),
  })
