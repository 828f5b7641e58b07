import type { DerivedPolicy } from './policy.ts'
import { instantOf } from './rfc3339.ts'
import type { Level, WatchedSample } from './watched-sample.ts'

export interface PumpClock {
  /** Of the newest sample that told the pump's time: ms ahead of the server; null: none told it. */
  readonly aheadMs: number | null
  readonly level: Level
  /** Samples in a row that say otherwise. */
  readonly against: number
}

export const noClock: PumpClock = { aheadMs: null, level: 'unknown', against: 0 }

/** So many samples in a row: one alone may have waited somewhere. */
const inARow = 3

/** After the next sample in time. */
export const clockAfter = (was: PumpClock, sample: WatchedSample, policy: DerivedPolicy): PumpClock => {
  const { pumpClockAt } = sample.values
  const told = pumpClockAt === null ? null : instantOf(pumpClockAt)
  if (told === null) return was
  const aheadMs = told - sample.at
  const level = Math.abs(aheadMs) > policy.clockOffMs + sample.uncertaintyMs ? 'raised' : 'fine'
  if (level === was.level) return { aheadMs, level, against: 0 }
  const against = was.against + 1
  return against >= inARow ? { aheadMs, level, against: 0 } : { ...was, aheadMs, against }
}
