import type { Person } from '../live/views.ts'
import type { PageEvent } from './events.ts'
import type { OwnedAlarm, PagingFacts } from './facts.ts'
import type { PagingLog } from './log.ts'
import type { PagingPolicy } from './policy.ts'

export interface ReminderContext {
  readonly policy: PagingPolicy
  readonly now: number
  readonly newNotificationId: () => string
}

const remindedAt = (log: PagingLog, { episodeId, owner, acceptedAt }: OwnedAlarm): number =>
  log.pages
    .filter(({ page, userId, state }) => page.kind === 'reminder' && userId === owner.userId && state !== 'withdrawn')
    .filter(({ page }) => page.episodeIds.includes(episodeId))
    .reduce((latest, { page }) => Math.max(latest, page.at), acceptedAt)

/** Who missed her check-in is told so at once. */
const dueAt = (log: PagingLog, alarm: OwnedAlarm, { reminderMs }: PagingPolicy): number => {
  const last = remindedAt(log, alarm)
  return alarm.missedAt !== null && alarm.missedAt > last ? alarm.missedAt : last + reminderMs
}

/** Owners of alarms that go on are told so every so often, all of a root's in one page (alarms.md rule 4). */
export const reminderSteps = (
  facts: PagingFacts,
  log: PagingLog,
  { policy, now, newNotificationId }: ReminderContext,
): { readonly events: readonly PageEvent[]; readonly nextDue: number } => {
  const owners = new Map<string, { person: Person; alarms: OwnedAlarm[]; dueAt: number }>()
  for (const alarm of facts.owned) {
    const { owner } = alarm
    if (!facts.mayPage(owner.userId)) continue
    const one = owners.get(owner.userId) ?? { person: owner, alarms: [], dueAt: Infinity }
    one.alarms.push(alarm)
    one.dueAt = Math.min(one.dueAt, dueAt(log, alarm, policy))
    owners.set(owner.userId, one)
  }
  const due = [...owners.values()].filter(({ dueAt }) => dueAt <= now)
  const events = due.map(({ person, alarms }): PageEvent => {
    const isHigh = alarms.some(({ priority }) => priority === 'high')
    const page = {
      notificationId: newNotificationId(),
      thread: facts.thread,
      kind: 'reminder' as const,
      episodeIds: alarms.map(({ episodeId }) => episodeId),
      priority: isHigh ? ('high' as const) : ('medium' as const),
      place: 'primary' as const,
      attempt: 1,
      ward: null,
      simulated: facts.simulated,
      ...(alarms.some(({ missedAt }) => missedAt !== null) ? { checkIn: true } : {}),
      at: now,
    }
    return { type: 'page-queued', at: now, page, to: person, about: [] }
  })
  const later = [...owners.values()].map(({ dueAt }) => (dueAt <= now ? now + policy.reminderMs : dueAt))
  return { events, nextDue: Math.min(Infinity, ...later) }
}
