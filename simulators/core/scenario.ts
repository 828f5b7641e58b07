import type { Act } from './acts.ts'
import type { ModelAlarm } from './pump-alarms.ts'
import type { Random } from './random.ts'

export interface TimedAct {
  /** After the act before it; the first one: after the start. Virtual time. */
  readonly afterMs: number
  readonly act: Act
}

/** What somebody at the pump does about an alarm, one thing after the other. */
export interface Remedy {
  readonly afterMs: number
  readonly acts: readonly Act[]
}

/** A story told to one pump. The same seed tells the same story. */
export interface Scenario {
  readonly name: string
  readonly what: string
  /** May go on for ever. */
  readonly acts: (random: Random) => Iterable<TimedAct>
  /** Absent: nobody is there. */
  readonly remedy?: (code: ModelAlarm, random: Random) => Remedy
}

const seconds = (count: number): number => count * 1000

const fixes: Readonly<Record<ModelAlarm, readonly Act[]>> = {
  'occlusion-downstream': [{ act: 'release' }],
  'occlusion-upstream': [{ act: 'release-upstream' }],
  'air-in-line': [{ act: 'clear-air' }, { act: 'resume' }],
  'reservoir-empty': [{ act: 'change-bag' }, { act: 'resume' }],
  'reservoir-low': [{ act: 'change-bag' }],
  'cassette-detached': [{ act: 'cassette-on' }, { act: 'resume' }],
  'battery-low': [{ act: 'mains-on' }],
  'battery-depleted': [{ act: 'mains-on' }, { act: 'resume' }],
  'infusion-near-complete': [],
  'infusion-complete': [{ act: 'new-program' }],
  'kvo-active': [{ act: 'new-program' }],
  'pump-malfunction': [{ act: 'reboot' }],
  'paused-too-long': [{ act: 'resume' }],
  'mains-lost': [{ act: 'mains-on' }],
}

/** How long people take: log-normal with a median of 46 s (clinical.md 12, hospital-shaped), here between 30 s and 5 min. */
const carer = (code: ModelAlarm, random: Random): Remedy => ({
  afterMs: Math.round(Math.min(seconds(300), Math.max(seconds(30), seconds(random.logNormal(3.82, 1.58))))),
  acts: fixes[code],
})

/** Mix A of clinical.md 12, with the power and link troubles of a home added. */
const troubles: readonly (readonly [number, readonly TimedAct[]])[] = [
  [23, [{ afterMs: 0, act: { act: 'occlude' } }]],
  [20, [{ afterMs: 0, act: { act: 'finish' } }]],
  [17, [{ afterMs: 0, act: { act: 'pause' } }]],
  [8, [{ afterMs: 0, act: { act: 'inject-air', amount: 1 } }]],
  [6, [{ afterMs: 0, act: { act: 'occlude-upstream' } }]],
  [6, [{ afterMs: 0, act: { act: 'empty-bag', amount: 6 } }]],
  [5, [{ afterMs: 0, act: { act: 'cassette-off' } }]],
  [
    10,
    [
      { afterMs: 0, act: { act: 'mains-off' } },
      { afterMs: 0, act: { act: 'drain-battery', amount: 19 } },
    ],
  ],
  [
    5,
    [
      { afterMs: 0, act: { act: 'unplug' } },
      { afterMs: seconds(45), act: { act: 'replug' } },
    ],
  ],
]

const occasionalTroubles = function* (random: Random): Generator<TimedAct> {
  for (;;) {
    yield* random.weighted(troubles).map((timed, index) => ({
      ...timed,
      afterMs: timed.afterMs + (index === 0 ? Math.round(random.between(seconds(360), seconds(840))) : 0),
    }))
  }
}

const once =
  (...acts: readonly TimedAct[]): Scenario['acts'] =>
  () =>
    acts

const at = (second: number, act: Act['act'], amount?: number): TimedAct => ({
  afterMs: seconds(second),
  act: amount === undefined ? { act } : { act, amount },
})

export const scenarios: readonly Scenario[] = [
  { name: 'normal', what: 'Infuses, and nothing happens.', acts: once() },
  {
    name: 'occlusion-downstream',
    what: 'The line is kinked after 10 s and freed 90 s later; the pump goes on by itself.',
    acts: once(at(10, 'occlude'), at(90, 'release')),
  },
  {
    name: 'air-in-line',
    what: 'Air comes down the line after 10 s; somebody primes the line and starts the pump 90 s later.',
    acts: once(at(10, 'inject-air', 1), at(90, 'clear-air'), at(1, 'resume')),
  },
  {
    name: 'battery-low',
    what: 'On battery, which shows 21 % and falls; after 10 s it shows 19 %, and 2 min later the supply is plugged in.',
    acts: once(at(0, 'mains-off'), at(0, 'drain-battery', 21), at(10, 'drain-battery', 19), at(120, 'mains-on')),
  },
  {
    name: 'infusion-complete',
    what: 'The program ends after 10 s, the pump keeps the vein open if it can; a new bag hangs 90 s later.',
    acts: once(at(10, 'finish', 0.02), at(90, 'new-program')),
  },
  {
    name: 'unplug',
    what: 'The data cable is pulled after 10 s and put back 45 s later. The pump infuses all the time.',
    acts: once(at(10, 'unplug'), at(45, 'replug')),
  },
  {
    name: 'demo',
    what: 'Something happens every 6 to 14 minutes, and a carer at home puts it right within minutes.',
    acts: occasionalTroubles,
    remedy: carer,
  },
  {
    name: 'demo-opening',
    what: 'As demo, and the line is kinked 6 s after the start, for 90 s.',
    acts: function* (random) {
      yield at(6, 'occlude')
      yield at(90, 'release')
      yield* occasionalTroubles(random)
    },
    remedy: (code, random) => {
      const usual = carer(code, random)
      // The opening is freed by the story itself; later ones are the carer's.
      return code === 'occlusion-downstream' ? { ...usual, afterMs: Math.max(usual.afterMs, seconds(90)) } : usual
    },
  },
]

export const scenarioNamed = (name: string): Scenario | undefined =>
  scenarios.find((scenario) => scenario.name === name)
