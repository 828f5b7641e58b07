import type { Act } from './acts.ts'
import type { FaultSwitch } from './faults/catalog.ts'
import type { ModelAlarm } from './pump-alarms.ts'
import type { Random } from './random.ts'
import type { ScenarioSpec, Span, ActWord } from './scenario-spec.ts'

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

/** A fault that begins or ends. Virtual time since the start. */
export interface TimedFault {
  readonly atMs: number
  readonly change: FaultSwitch
}

/** A story told to one pump. The same seed tells the same story. */
export interface Scenario {
  readonly name: string
  readonly what: string
  /** May go on for ever. */
  readonly acts: (random: Random) => Iterable<TimedAct>
  /** What is done about an alarm that begins; nothing: nobody is there. */
  readonly remedies: (code: ModelAlarm, random: Random) => readonly Remedy[]
  /** In the order of their times; absent: the line is good. */
  readonly faults?: readonly TimedFault[]
}

const lengthOf = (span: Span, random: Random): number => {
  switch (span.kind) {
    case 'exactly':
      return span.ms
    case 'between':
      return Math.round(random.between(span.fromMs, span.toMs))
    case 'about':
      return Math.round(Math.min(span.mostMs, Math.max(span.leastMs, span.medianMs * random.logNormal(0, span.sigma))))
  }
}

const inOrder = (acts: readonly Act[], afterMs: number): readonly TimedAct[] =>
  acts.map((act, index) => ({ afterMs: index === 0 ? afterMs : 0, act }))

const timelineOf = function* (spec: ScenarioSpec, random: Random): Generator<TimedAct> {
  let nowMs = 0
  for (const { at, after, acts } of spec.timeline) {
    const afterMs = at === null ? lengthOf(after, random) : Math.max(0, at - nowMs)
    nowMs += afterMs
    yield* inOrder(acts, afterMs)
  }
  const { repeat } = spec
  if (repeat === null) return
  for (;;) {
    const everyMs = lengthOf(repeat.every, random)
    const chosen = random.weighted(repeat.choose.map(({ weight, entries }) => [weight, entries] as const))
    for (const [index, { after, acts }] of chosen.entries())
      yield* inOrder(acts, (index === 0 ? everyMs : 0) + lengthOf(after, random))
  }
}

const faultsOf = ({ faults }: ScenarioSpec): readonly TimedFault[] =>
  faults
    .flatMap(({ fromMs, untilMs, change }): readonly TimedFault[] => [
      { atMs: fromMs, change },
      ...(untilMs === null ? [] : [{ atMs: untilMs, change: { ...change, on: false } }]),
    ])
    .toSorted((a, b) => a.atMs - b.atMs)

/** Tells a scenario that somebody wrote down. */
export const scenarioOf = (spec: ScenarioSpec): Scenario => ({
  name: spec.name,
  what: spec.what,
  acts: (random) => timelineOf(spec, random),
  faults: faultsOf(spec),
  remedies: (code, random) =>
    spec.reactions.flatMap(({ when, chance, after, acts }) => {
      if (when !== null && !when.includes(code)) return []
      // Drawn in any case, so that one reaction does not move another's chance.
      const happens = random.next() < chance
      const afterMs = lengthOf(after, random)
      return happens ? [{ afterMs, acts: acts.flatMap((word) => actsFor(word, code)) }] : []
    }),
})

const actsFor = (word: ActWord, code: ModelAlarm): readonly Act[] => (word === 'fix' ? fixes[code] : [word])

/** What a lay carer who knows what to do would do about it: the word `fix` in a reaction. */
export const fixes: Readonly<Record<ModelAlarm, readonly Act[]>> = {
  'occlusion-downstream': [{ act: 'release' }, { act: 'resume' }],
  'occlusion-upstream': [{ act: 'release-upstream' }, { act: 'resume' }],
  'occlusion-unspecified': [{ act: 'end', code: 'occlusion-unspecified' }, { act: 'resume' }],
  'air-in-line': [{ act: 'clear-air' }, { act: 'resume' }],
  'free-flow': [{ act: 'end', code: 'free-flow' }],
  'reservoir-empty': [{ act: 'change-bag' }, { act: 'resume' }],
  'reservoir-low': [{ act: 'change-bag' }],
  'cassette-detached': [{ act: 'cassette-on' }, { act: 'resume' }],
  'set-not-seated': [{ act: 'end', code: 'set-not-seated' }, { act: 'resume' }],
  'battery-low': [{ act: 'mains-on' }],
  'battery-depleted': [{ act: 'mains-on' }, { act: 'resume' }],
  'battery-fault': [{ act: 'end', code: 'battery-fault' }],
  'battery-replace': [{ act: 'end', code: 'battery-replace' }],
  'infusion-near-complete': [],
  'infusion-complete': [{ act: 'new-program' }],
  'kvo-active': [{ act: 'new-program' }],
  'kvo-ended': [{ act: 'end', code: 'kvo-ended' }, { act: 'new-program' }],
  'drive-fault': [{ act: 'end', code: 'drive-fault' }, { act: 'resume' }],
  'pump-malfunction': [{ act: 'reboot' }],
  'sensor-fault': [{ act: 'end', code: 'sensor-fault' }],
  temperature: [{ act: 'end', code: 'temperature' }],
  'paused-too-long': [{ act: 'resume' }],
  'dose-limit-reached': [],
  'host-timeout': [{ act: 'end', code: 'host-timeout' }],
  'keypad-fault': [{ act: 'end', code: 'keypad-fault' }],
  'maintenance-due': [{ act: 'end', code: 'maintenance-due' }],
  'mains-lost': [{ act: 'mains-on' }],
}
