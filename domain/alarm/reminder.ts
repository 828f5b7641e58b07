import type { AlarmView } from '../live/views.ts'

/** An accepted alarm that goes on reminds its owner this often, ms (alarms.md rule 4). */
export const reminderEveryMs = 180_000

type Judged = Pick<AlarmView, 'condition' | 'response' | 'priority' | 'owner' | 'acceptedAt'>

/** Somebody has it, the condition is there or may be, and it is urgent enough to be signalled again and again. */
export const isReminded = ({ condition, response, priority, owner }: Judged): boolean =>
  owner !== null &&
  (response === 'accepted' || response === 'handed-over') &&
  (condition === 'active' || condition === 'unverified') &&
  (priority === 'high' || priority === 'medium')

/** How many reminders have been due since it was accepted; an offer to somebody else does not put the next one off. */
export const remindersDue = (alarm: Judged, now: number, everyMs = reminderEveryMs): number =>
  isReminded(alarm) && alarm.acceptedAt !== null ? Math.max(0, Math.floor((now - alarm.acceptedAt) / everyMs)) : 0
