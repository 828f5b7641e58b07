import { hexDigits } from '../ascii.ts'
import type { PumpEventCode } from '../../events.ts'
import type { PumpEvent } from '../profile.ts'
import type { LogEvent } from './event.ts'
import type { Meaning } from './event-meaning.ts'

const codeOf: Readonly<Partial<Record<Meaning, PumpEventCode>>> = {
  'power-on': 'power-on',
  'power-off': 'power-off',
  'total-cleared': 'counters-cleared',
  'setting-change': 'program-set',
}

/** What of an event of the log is journalled as it is; starts and stops follow from the samples. */
export const journalled = (event: LogEvent, meaning: Meaning | null): readonly PumpEvent[] => {
  const code = meaning === null ? undefined : codeOf[meaning]
  const detail = { entry: hexDigits(event.index, 8), pumpClock: event.time }
  return code === undefined ? [] : [{ kind: 'event', event: code, detail }]
}
