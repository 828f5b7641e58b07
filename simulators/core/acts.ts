import { isModelAlarm, modelAlarms, type ModelAlarm } from './pump-alarms.ts'

// Everything that can happen to a simulated pump from outside: hands, clamps, cables and time saved.

interface ActDescription {
  readonly what: string
  /** Takes the code of an alarm. */
  readonly code?: true
  /** Unit and default of `amount`; absent: the act takes none. */
  readonly amount?: { readonly unit: string; readonly usual: number; readonly low: number; readonly high: number }
}

export const acts = {
  occlude: { what: 'Kinks the line between pump and patient.' },
  release: { what: 'Opens the line between pump and patient.' },
  'occlude-upstream': { what: 'Closes the clamp between bag and pump.' },
  'release-upstream': { what: 'Opens the clamp between bag and pump.' },
  'inject-air': { what: 'Puts air into the line above the pump.', amount: { unit: 'mL', usual: 1, low: 0, high: 50 } },
  'clear-air': { what: 'Primes the line: no air is left in it.' },
  pause: { what: 'Presses pause at the pump.' },
  resume: { what: 'Presses start at the pump; refused while the cause of a stop is still there.' },
  finish: {
    what: 'Skips to the end of the program, up to the last of it.',
    amount: { unit: 'mL', usual: 0.1, low: 0, high: 9999 },
  },
  'new-program': { what: 'Hangs a full bag and starts the program anew.' },
  'set-rate': { what: 'Programs another rate.', amount: { unit: 'mL/h', usual: 50, low: 0, high: 1200 } },
  'drain-battery': {
    what: 'Sets what the battery shows.',
    amount: { unit: '%', usual: 19, low: 0, high: 100 },
  },
  'mains-off': { what: 'Pulls the power supply.' },
  'mains-on': { what: 'Plugs the power supply in.' },
  'empty-bag': {
    what: 'Takes fluid out of the bag, up to the last of it.',
    amount: { unit: 'mL', usual: 0.1, low: 0, high: 9999 },
  },
  'change-bag': { what: 'Hangs a full bag; the program goes on.' },
  'cassette-off': { what: 'Opens the door or takes the cassette off.' },
  'cassette-on': { what: 'Closes the door with the cassette in place.' },
  'air-detector-off': { what: 'Switches the air detector off.' },
  'air-detector-on': { what: 'Switches the air detector on.' },
  'upstream-sensor-off': { what: 'Switches the upstream sensor off.' },
  'upstream-sensor-on': { what: 'Switches the upstream sensor on.' },
  demand: { what: 'Presses the patient’s dose button of a PCA pump.' },
  silence: { what: 'Silences the pump’s own sound for 2 minutes.' },
  'clear-total': { what: 'Clears the counter of the volume infused, as for a new shift.' },
  raise: { what: 'Makes the pump raise an alarm, whether it has a cause or not.', code: true },
  end: { what: 'Takes back what "raise" raised.', code: true },
  slip: {
    what: 'Delivers so much of what the pump says it does, and its counter tells the truth; 100: all of it again.',
    amount: { unit: '%', usual: 50, low: 0, high: 300 },
  },
  fault: { what: 'Breaks the pump: it stops with an internal error until it is restarted.' },
  reboot: { what: 'Restarts the pump: new boot id, counters at zero.' },
  'power-off': { what: 'Pulls the battery without a word: the pump falls silent.' },
  'power-on': { what: 'Puts the battery back: the pump starts as after a reboot.' },
  swap: { what: 'Puts another pump, with another serial number, on the cable; again: the first one.' },
  unplug: { what: 'Pulls the data cable, or cuts the network connection.' },
  replug: { what: 'Puts the data cable or network connection back.' },
} as const satisfies Readonly<Record<string, ActDescription>>

export type ActName = keyof typeof acts

export interface Act {
  readonly act: ActName
  readonly amount?: number
  /** Of `raise` and `end`. */
  readonly code?: ModelAlarm
}

export const describeAct = (name: ActName): ActDescription => acts[name]

const isActName = (name: string): name is ActName => Object.hasOwn(acts, name)

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of a literal are known
export const actNames = Object.keys(acts) as readonly ActName[]

/** The amount of an act, or its usual one. */
export const amountOf = (act: Act): number => act.amount ?? describeAct(act.act).amount?.usual ?? 0

/** Reads an act from outside: the act, or a sentence that says what is wrong. */
export const readAct = (name: unknown, amount: unknown, code?: unknown): Act | string => {
  if (typeof name !== 'string' || !isActName(name)) return `unknown act; known: ${actNames.join(', ')}`
  const { amount: wanted, code: wantsCode } = describeAct(name)
  if (wantsCode === true) {
    if (typeof code !== 'string' || !isModelAlarm(code)) return `${name} takes a code: ${modelAlarms.join(', ')}`
    return { act: name, code }
  }
  if (code !== undefined) return `${name} takes no code`
  if (amount === undefined || amount === null) return { act: name }
  if (wanted === undefined) return `${name} takes no amount`
  if (typeof amount !== 'number' || !(amount >= wanted.low && amount <= wanted.high))
    return `${name}: amount must be a number from ${wanted.low} to ${wanted.high} ${wanted.unit}`
  return { act: name, amount }
}
