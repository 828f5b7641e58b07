import type { Act } from './acts.ts'
import type { PumpSettings } from './pump-settings.ts'
import type { PumpState } from './pump-state.ts'

// The keys on a pump's own front, each as what it does to the pump as it is.

interface KeyDescription {
  readonly what: string
  /** Absent: every pump has it. */
  readonly isOn?: (settings: PumpSettings) => boolean
  /** Nothing: the pump takes no notice. */
  readonly does: (state: PumpState) => readonly Act[]
}

export const keys = {
  start: {
    what: 'Starts, or goes on after a stop; refused while its cause is still there.',
    does: () => [{ act: 'resume' }],
  },
  stop: { what: 'Pauses the program.', does: () => [{ act: 'pause' }] },
  silence: { what: 'Silences the pump’s own sound for 2 minutes.', does: () => [{ act: 'silence' }] },
  confirm: {
    what: 'Confirms alarms that were only claimed, or the next program when this one is over.',
    does: ({ claimed, activity }) =>
      claimed.length > 0
        ? claimed.map((code) => ({ act: 'end', code }))
        : activity === 'complete' || activity === 'kvo'
          ? [{ act: 'new-program' }]
          : [],
  },
  clear: { what: 'Clears the counter of the volume infused.', does: () => [{ act: 'clear-total' }] },
  bolus: {
    what: 'The patient’s own button: asks for a dose.',
    isOn: ({ deliveryMode }) => deliveryMode === 'pca',
    does: () => [{ act: 'demand' }],
  },
  power: {
    what: 'Switches the pump off without a word, or on again.',
    does: ({ activity }) => [{ act: activity === 'off' ? 'power-on' : 'power-off' }],
  },
} as const satisfies Readonly<Record<string, KeyDescription>>

export type KeyName = keyof typeof keys

const describe = (key: KeyName): KeyDescription => keys[key]

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of a literal are known
const keyNames = Object.keys(keys) as readonly KeyName[]

/** The keys that a pump has, with what each would do now. */
export const keysOf = (state: PumpState, settings: PumpSettings) =>
  keyNames
    .filter((key) => describe(key).isOn?.(settings) ?? true)
    .map((key) => ({ key, what: keys[key].what, does: describe(key).does(state) }))

/** What pressing a key does, or a sentence that says what is wrong. */
export const readKey = (given: unknown, state: PumpState, settings: PumpSettings): readonly Act[] | string => {
  const present = keysOf(state, settings)
  const pressed = present.find(({ key }) => key === given)
  return pressed?.does ?? `this pump has no such key; it has: ${present.map(({ key }) => key).join(', ')}`
}
