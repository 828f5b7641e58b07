import type { PumpId } from '#domain/ids.ts'
import { channelsOf } from '#domain/live/channels.ts'
import type { AlarmView, PumpView } from '#domain/live/views.ts'
import { alarmLook } from './alarm-look.ts'
import { compareAlarms } from './alarm-order.ts'
import { valueLook } from './freshness.ts'

// One byte for each pump of the fleet map, so that 5,000 of them travel as 5 kB. Low two bits: 0 no alarm, 1 Low, 2 Medium, 3 High.

export const cell = {
  priority: 0b0000_0011,
  /** Somebody has it, or it ended: drawn as an outline. */
  quietened: 0b0000_0100,
  /** Its values are old. */
  stale: 0b0000_1000,
  /** Nothing was ever heard. */
  never: 0b0001_0000,
  /** An alarm nobody can confirm at present. */
  unverified: 0b0010_0000,
} as const

const priorityBits = { high: 3, medium: 2, low: 1, info: 0 } as const

/** What every screen says of the fleet as a whole. */
export interface FleetFacts {
  readonly pumps: number
  /** Values no older than their limit. */
  readonly reporting: number
  readonly stale: number
}

export interface FleetPicture {
  readonly cells: Uint8Array
  readonly facts: FleetFacts
}

type Known = Pick<
  PumpView,
  'link' | 'statusIntervalMs' | 'sample' | 'sampledAt' | 'receivedAt' | 'uncertaintyMs' | 'otherChannels'
>

const freshBits = (pump: Known, now: number | null): number => {
  const channels = channelsOf(pump)
  if (channels.length === 0) return cell.never
  if (now === null || pump.link === 'lost' || pump.link === 'closed') return cell.stale
  const old = channels.some(({ sampledAt }) =>
    ['stale', 'never'].includes(valueLook(sampledAt === null ? null : now - sampledAt, pump.statusIntervalMs)),
  )
  return old ? cell.stale : 0
}

const alarmBits = (alarm: AlarmView): number =>
  priorityBits[alarm.priority] |
  (alarmLook(alarm, null).filled ? 0 : cell.quietened) |
  (alarm.condition === 'unverified' ? cell.unverified : 0)

/** The most urgent open alarm of each pump; one of a hub stands at every pump nobody hears. */
export const urgentByPump = (alarms: Iterable<AlarmView>): ReadonlyMap<PumpId, AlarmView> => {
  const urgent = new Map<PumpId, AlarmView>()
  const offer = (id: PumpId, alarm: AlarmView): void => {
    const known = urgent.get(id)
    if (known === undefined || compareAlarms(alarm, known) < 0) urgent.set(id, alarm)
  }
  for (const alarm of alarms) {
    if (alarm.pumpId !== null) offer(alarm.pumpId, alarm)
    for (const id of alarm.unverifiedPumps) offer(id, alarm)
  }
  return urgent
}

/** `now`: server time, ms; null before it is known, and then no value counts as new. */
export const fleetPicture = (
  order: readonly PumpId[],
  pumps: ReadonlyMap<PumpId, Known>,
  alarms: Iterable<AlarmView>,
  now: number | null,
): FleetPicture => {
  const urgent = urgentByPump(alarms)
  const cells = new Uint8Array(order.length)
  let stale = 0
  let never = 0
  for (const [index, id] of order.entries()) {
    const pump = pumps.get(id)
    const fresh = pump === undefined ? cell.never : freshBits(pump, now)
    if (fresh === cell.stale) stale += 1
    if (fresh === cell.never) never += 1
    const alarm = urgent.get(id)
    cells[index] = fresh | (alarm === undefined ? 0 : alarmBits(alarm))
  }
  return { cells, facts: { pumps: order.length, reporting: order.length - stale - never, stale } }
}

export const sameCells = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((value, index) => value === b[index])
