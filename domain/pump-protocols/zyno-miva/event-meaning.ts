/** Which numbering of the types from 16 on a pump has; no published rule tells by its firmware (zyno-miva.md 5). */
export const eventTables = ['none', 'A', 'B'] as const
export type EventTable = (typeof eventTables)[number]

export type Meaning =
  | 'run'
  | 'paused'
  | 'cassette-empty'
  | 'dose-limit'
  | 'occlusion'
  | 'pump-limit'
  | 'total-cleared'
  | 'battery'
  | 'cassette-detached'
  | 'power-on'
  | 'power-off'
  | 'malfunction'
  | 'battery-failure'
  | 'unattended'
  | 'setting-change'
  | 'battery-depleted'
  | 'battery-low'
  | 'battery-check'
  /** Shown as text. */
  | 'notice'
  /** Nothing follows from it. */
  | 'event-only'

interface Known {
  readonly meaning: Meaning
  readonly words: string
}

const known = (meaning: Meaning, words: string): Known => ({ meaning, words })

/** Types 0 to 15, the same in both tables. Type 0 is a raw block and never comes here. */
const shared: readonly Known[] = [
  known('event-only', 'raw block'),
  known('run', 'run'),
  known('paused', 'paused'),
  known('cassette-empty', 'cassette empty'),
  known('dose-limit', 'dose limit'),
  known('event-only', 'authentication'),
  known('event-only', 'dose granted'),
  known('event-only', 'dose denied'),
  known('event-only', 'dose cancelled'),
  known('occlusion', 'occlusion'),
  known('event-only', 'delay end'),
  known('pump-limit', 'pump limit'),
  known('total-cleared', 'shift total cleared'),
  known('battery', 'battery'),
  known('cassette-detached', 'cassette detached'),
  known('event-only', 'time stamp'),
]

/** From type 16 on. */
const tables: Readonly<Record<EventTable, readonly Known[]>> = {
  none: [],
  A: [
    known('power-on', 'power on'),
    known('power-off', 'power off'),
    known('malfunction', 'firmware error'),
    known('malfunction', 'system error'),
    known('battery-failure', 'battery failure'),
    known('event-only', 'debug'),
    known('unattended', 'unattended'),
    known('setting-change', 'setting change'),
    known('event-only', 'bolus finished'),
    known('event-only', 'battery at power on'),
    known('event-only', 'starting dose skipped'),
    known('malfunction', 'system error 2'),
    known('notice', 'hard limit'),
  ],
  B: [
    known('power-off', 'power off'),
    known('malfunction', 'firmware error'),
    known('malfunction', 'system error'),
    known('battery-failure', 'battery failure'),
    known('event-only', 'debug'),
    known('unattended', 'unattended'),
    known('setting-change', 'setting change'),
    known('event-only', 'dose finished'),
    known('power-on', 'power on'),
    known('event-only', 'starting dose skipped'),
    known('malfunction', 'system error 2'),
    known('notice', 'hard limit'),
    known('battery-depleted', 'battery depleted'),
    known('notice', 'programming incomplete'),
    known('battery-low', 'battery low'),
    known('battery-check', 'battery check'),
  ],
}

/** Null: the type is in no table that applies. */
export const meaningOf = (type: number, table: EventTable): Known | null =>
  shared[type] ?? tables[table][type - shared.length] ?? null
