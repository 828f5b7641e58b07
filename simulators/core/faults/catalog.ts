// Everything that can go wrong between a pump and its hub, and inside the pump, by name.

interface FaultDescription {
  readonly what: string
  /**
   * `wire`: serial lines and TCP. `broker`: MQTT. `link`: either. `firmware`: bugs of the pump. `pump`: the pump itself.
   * `program`: a program around the pumps, for all of them.
   */
  readonly at: 'wire' | 'broker' | 'link' | 'firmware' | 'pump' | 'program'
  /** It is over at once. */
  readonly isMoment?: true
  /** Unit and default of `amount`; absent: the fault takes none. */
  readonly amount?: { readonly unit: string; readonly usual: number; readonly low: number; readonly high: number }
}

const step = { unit: 's', usual: 86_400, low: -34_560_000, high: 34_560_000 } as const
const drift = { unit: 'ppm', usual: 200, low: -100_000, high: 100_000 } as const

const share = (unit: string, usual: number) => ({ unit, usual, low: 0, high: 1 })

export const faults = {
  flip: { what: 'Bits turn over.', at: 'wire', amount: share('of the bits', 0.001) },
  drop: { what: 'Single bytes are lost.', at: 'wire', amount: share('of the bytes', 0.005) },
  duplicate: { what: 'Single bytes come twice.', at: 'wire', amount: share('of the bytes', 0.005) },
  truncate: { what: 'From a byte on, up to 64 are lost.', at: 'wire', amount: share('of the bytes', 0.002) },
  garbage: { what: 'One to eight bytes of noise come in between.', at: 'wire', amount: share('of the bytes', 0.005) },
  'wrong-baud': {
    what: 'The reader samples at another speed than the writer’s: so many times as fast.',
    at: 'wire',
    amount: { unit: 'times', usual: 2, low: 0.25, high: 8 },
  },
  split: { what: 'After a byte the rest comes 100 ms later.', at: 'wire', amount: share('of the bytes', 0.05) },
  glue: {
    what: 'Bytes are gathered and come in one piece.',
    at: 'wire',
    amount: { unit: 'ms', usual: 3_000, low: 50, high: 60_000 },
  },
  slow: { what: 'A narrow line.', at: 'wire', amount: { unit: 'bytes/s', usual: 120, low: 1, high: 100_000 } },
  stall: { what: 'Nothing passes; all of it comes when the fault is over.', at: 'wire' },
  'half-open': { what: 'The line looks open and swallows what is said.', at: 'wire' },
  unplug: {
    what: 'The cable is out, or the connection is cut without a goodbye (MQTT: the will is told).',
    at: 'link',
  },
  'duplicate-publish': { what: 'A message is published twice.', at: 'broker', amount: share('of the messages', 0.2) },
  retransmit: {
    what: 'A message is sent again under its packet id with the DUP flag, as when its acknowledgement was lost.',
    at: 'broker',
    amount: share('of the messages', 0.2),
  },
  reorder: { what: 'A message is overtaken by the one after it.', at: 'broker', amount: share('of the messages', 0.2) },
  'reconnect-storm': {
    what: 'The connection breaks and comes back again and again.',
    at: 'link',
    amount: { unit: 'ms between breaks', usual: 3_000, low: 500, high: 60_000 },
  },
  'skipped-numbers': { what: 'Firmware: one in three messages has another number than it should.', at: 'firmware' },
  'stuck-alarm': { what: 'Firmware: an alarm that was once shown stays in the list.', at: 'firmware' },
  'wrong-unit': {
    what: 'Firmware: the rate is told per minute as if it were per hour; where none is told, volumes ten times too small.',
    at: 'firmware',
  },
  'wrong-check': { what: 'Firmware: no check value fits its frame.', at: 'firmware' },
  'sensor-stream': { what: 'Firmware: a stream of sensor values that a service tool left on (MIVA).', at: 'firmware' },
  reboot: { what: 'The pump restarts by itself.', at: 'pump', isMoment: true },
  'counter-reset': { what: 'The counter of the volume infused goes back to zero.', at: 'pump', isMoment: true },
  'clock-1970': { what: 'The pump’s clock has forgotten the time and begins where it was made.', at: 'pump' },
  'clock-step': { what: 'The pump’s clock is set ahead, or back.', at: 'pump', amount: step },
  'clock-drift': { what: 'The pump’s quartz is too fast, or too slow.', at: 'pump', amount: drift },
  'hub-clock-1970': { what: 'The hub’s clock shows 1970.', at: 'program' },
  'hub-clock-step': { what: 'The hub’s clock is set ahead, or back.', at: 'program', amount: step },
  'hub-clock-drift': { what: 'The hub’s clock goes too fast, or too slow.', at: 'program', amount: drift },
  'kill-hub': { what: 'The hub is killed; whoever watches over it starts it again.', at: 'program', isMoment: true },
  'kill-server': { what: 'The server is killed.', at: 'program', isMoment: true },
  'kill-simulators': { what: 'All pumps are killed in the middle of a word.', at: 'program', isMoment: true },
  'stop-hub': { what: 'The hub’s process stands still and goes on.', at: 'program' },
  'stop-server': { what: 'The server’s process stands still and goes on.', at: 'program' },
} as const satisfies Readonly<Record<string, FaultDescription>>

export type FaultName = keyof typeof faults

export type FirmwareBug = Extract<
  FaultName,
  'skipped-numbers' | 'stuck-alarm' | 'wrong-unit' | 'wrong-check' | 'sensor-stream'
>

/** Done to a program around the pumps by whoever has it in hand. */
export type ProgramFault = Extract<FaultName, `kill-${string}` | `stop-${string}` | `hub-clock-${string}`>

export type ClockFault = 'clock-1970' | 'clock-step' | 'clock-drift'

export const ways = ['both', 'from-pump', 'to-pump'] as const
export type Way = (typeof ways)[number]

/** A fault that begins or ends. */
export interface FaultSwitch {
  readonly fault: FaultName
  readonly on: boolean
  /** In the unit of its description; of a fault that ends: ignored. */
  readonly amount: number
  readonly way: Way
}

export const describeFault = (name: FaultName): FaultDescription => faults[name]

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of a literal are known
export const faultNames = Object.keys(faults) as readonly FaultName[]

export const isProgramFault = (name: FaultName): name is ProgramFault => faults[name].at === 'program'

const deafening: ReadonlySet<FaultName> = new Set(['half-open', 'stall', 'wrong-baud', 'slow', 'kill-hub', 'stop-hub'])

/** Afterwards the hub has to speak again before it is known to listen. */
export const deafens = (fault: FaultName): boolean => deafening.has(fault)

const isFaultName = (name: unknown): name is FaultName => typeof name === 'string' && Object.hasOwn(faults, name)
const isWay = (way: unknown): way is Way => ways.some((known) => known === way)

/** Reads a fault from outside: the switch, or a sentence that says what is wrong. */
export const readFault = (given: {
  readonly fault: unknown
  readonly on?: unknown
  readonly amount?: unknown
  readonly way?: unknown
}): FaultSwitch | string => {
  const { fault, on = true, amount, way = 'both' } = given
  if (!isFaultName(fault)) return `unknown fault; known: ${faultNames.join(', ')}`
  if (typeof on !== 'boolean') return '"on" must be true or false'
  if (!isWay(way)) return `"way" must be one of ${ways.join(', ')}`
  const { amount: wanted, at } = describeFault(fault)
  if (way !== 'both' && at !== 'wire') return `${fault} has no way`
  if (amount === undefined || amount === null) return { fault, on, way, amount: wanted?.usual ?? 0 }
  if (wanted === undefined) return `${fault} takes no amount`
  if (typeof amount !== 'number' || !(amount >= wanted.low && amount <= wanted.high))
    return `${fault}: amount must be a number from ${wanted.low} to ${wanted.high} ${wanted.unit}`
  return { fault, on, way, amount }
}
