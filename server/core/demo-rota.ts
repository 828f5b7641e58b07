import { defaultTeam } from '#domain/on-call/duty.ts'
import type { DutyPlace } from '#domain/on-call/duty.ts'
import { Weekday } from '#domain/on-call/local-time.ts'
import { demonstration } from './demo-people.ts'
import type { OnCallBook } from './on-call-book.ts'

/** The demonstration pages its nurse first, then its lead, round the clock. A rota that exists stays. */
export const demoRota = async (onCall: OnCallBook, timeZone: string): Promise<void> => {
  await onCall.refresh()
  if (onCall.team(defaultTeam)?.rota !== null) return
  const by = demonstration
  const always = (place: DutyPlace, name: string) => {
    const userId = onCall.byName(name)
    return userId === null ? [] : [{ weekdays: [...Weekday.options], from: '00:00', to: '00:00', place, userId }]
  }
  await onCall.addTeam(by, defaultTeam, 'Demonstration')
  await onCall.setRota(by, defaultTeam, 0, {
    timeZone,
    entries: [...always('primary', 'm.osei'), ...always('backup', 'j.lind'), ...always('lead', 'j.lind')],
    overrides: [],
  })
}
