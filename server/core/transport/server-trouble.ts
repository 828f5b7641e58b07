import { SiteAlarm } from '../site-alarm.ts'
import type { SiteAlarmDependencies } from '../site-alarm.ts'

export interface ServerTroubleDependencies extends SiteAlarmDependencies {
  /** What is wrong with the server itself now, each in words; null: well. */
  readonly troubles: () => readonly (string | null)[]
}

/** One alarm of the site for what the server itself needs somebody for. Of a demonstration too: the server is a real one. */
export const serverTrouble = (deps: ServerTroubleDependencies): SiteAlarm =>
  new SiteAlarm(deps, {
    code: 'server-degraded',
    text: (simulated) => {
      const found = simulated ? [] : deps.troubles().filter((trouble) => trouble !== null)
      return found.length === 0 ? null : found.join('; ')
    },
    // Both are known at the first look: what was wrong in an earlier run is over, or is said again.
    mayEndUntold: () => true,
  })
