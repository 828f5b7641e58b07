import { overdueAfterMs } from '#domain/path/overdue.ts'
import type { PathPolicy } from '#domain/path/overdue.ts'
import type { UserId } from '#domain/ids.ts'
import { SiteAlarm, type SiteAlarmDependencies } from '../site-alarm.ts'
import type { Stations } from './stations.ts'

export interface StationAlarmDependencies extends SiteAlarmDependencies {
  readonly stations: Pick<Stations, 'unheard'>
  readonly isOnCall: (userId: UserId) => boolean
  readonly isDemoPerson: (userId: UserId) => boolean
  readonly policy: PathPolicy
}

/** One alarm of the site that names everybody on call whose page has not heard a test alarm for too long. */
export const stationAlarm = (deps: StationAlarmDependencies): SiteAlarm => {
  const { stations, isOnCall, isDemoPerson, policy, clock } = deps
  const startedMs = clock.monotonic()
  return new SiteAlarm(deps, {
    code: 'path-unproven',
    text: (simulated) => {
      const names = stations
        .unheard()
        .filter(({ person: { userId } }) => isOnCall(userId) && isDemoPerson(userId) === simulated)
        .map(({ person, why }) => `${person.name} (${why})`)
        .toSorted()
      return names.length === 0 ? null : `on call, and no page hears a test alarm: ${names.join(', ')}`
    },
    // An alarm of the last run stands until people had the time to come back.
    mayEndUntold: () => clock.monotonic() - startedMs > overdueAfterMs(policy.stationEveryMs, policy),
  })
}
