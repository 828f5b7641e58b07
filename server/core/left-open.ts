import type { LeftOpen } from '#domain/hand-over/sheet.ts'
import type { Watch } from '#domain/hand-over/watch.ts'
import type { UserId } from '#domain/ids.ts'
import type { AlarmView, Person } from '#domain/live/views.ts'
import type { Clock } from '#domain/time.ts'
import type { OnCallBook } from './on-call-book.ts'
import { SiteAlarm, type SiteAlarmDependencies } from './site-alarm.ts'

/** After the end of a shift its nurse has this long to hand over, ms; then the lead is told. */
export const handOverWithinMs = 600_000
/** What was taken earlier than this counts as taken then, ms: a rota is worked out day by day. */
const farthestBackMs = 35 * 86_400_000
/** An alarm of the last run stands until rotas and owners were read, ms. */
const settleMs = 60_000

export interface LeftOpenDependencies {
  readonly openAlarms: () => readonly AlarmView[]
  readonly watches: () => readonly Watch[]
  readonly onCall: Pick<OnCallBook, 'shiftEnd'>
  readonly clock: Clock
}

interface Owned {
  readonly person: Person
  readonly since: number
  readonly kind: 'alarms' | 'pumps'
}

const ownedAlarms = (alarms: readonly AlarmView[]): readonly Owned[] =>
  alarms.flatMap(({ owner, response, acceptedAt, startedAt }) =>
    owner === null || response === 'resolved' || response === 'closed'
      ? []
      : [{ person: owner, since: acceptedAt ?? startedAt, kind: 'alarms' as const }],
  )

const ownedPumps = (watches: readonly Watch[]): readonly Owned[] =>
  watches.map(({ owner, since }) => ({ person: owner, since, kind: 'pumps' as const }))

/**
 * Who went off duty and still owns what they took while on duty (alarms.md, "Hand-over"). Somebody who was not on duty at all helps
 * out, and nobody waits for a hand-over.
 */
export const leftOpen = (deps: LeftOpenDependencies): readonly LeftOpen[] => {
  const { onCall, clock } = deps
  const now = clock.now()
  const owned = [...ownedAlarms(deps.openAlarms()), ...ownedPumps(deps.watches())]
  return [...Map.groupBy(owned, ({ person }) => person.userId)].flatMap(([userId, all]) => {
    const [first] = all
    const since = Math.max(now - farthestBackMs, Math.min(...all.map((one) => one.since)))
    const shiftEndedAt = onCall.shiftEnd(userId, since)
    if (first === undefined || shiftEndedAt === null || now < shiftEndedAt + handOverWithinMs) return []
    const count = (kind: Owned['kind']): number => all.filter((one) => one.kind === kind).length
    return [{ person: first.person, shiftEndedAt, alarms: count('alarms'), pumps: count('pumps') }]
  })
}

export interface LeftOpenAlarmDependencies extends SiteAlarmDependencies {
  readonly leftOpen: () => readonly LeftOpen[]
  readonly isDemoPerson: (userId: UserId) => boolean
}

/** One alarm of the site that names everybody who went off duty without handing over. */
export const leftOpenAlarm = (deps: LeftOpenAlarmDependencies): SiteAlarm => {
  const { clock, isDemoPerson } = deps
  const startedMs = clock.monotonic()
  return new SiteAlarm(deps, {
    code: 'hand-over-open',
    text: (simulated) => {
      const names = deps
        .leftOpen()
        .filter(({ person }) => isDemoPerson(person.userId) === simulated)
        .map(({ person, alarms, pumps }) => `${person.name} (alarms ${alarms}, watched pumps ${pumps})`)
        .toSorted()
      return names.length === 0 ? null : `off duty and not handed over: ${names.join(', ')}`
    },
    mayEndUntold: () => clock.monotonic() - startedMs > settleMs,
  })
}
