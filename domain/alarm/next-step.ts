import type { NextStep } from '../live/views.ts'
import { checkInDueAt, lapsesAt } from './check-in.ts'
import { leavesAt } from './closing.ts'
import type { Episode } from './episode.ts'
import { overdueAt } from './overdue.ts'
import type { AlarmPolicy } from './policy.ts'
import { shelfEndsAt } from './shelf.ts'

const stepsOf = (episode: Episode, policy: AlarmPolicy): readonly (readonly [NextStep['step'], number | null])[] => [
  ['check-in', checkInDueAt(episode, policy)],
  ['lapse', lapsesAt(episode, policy)],
  ['shelf-ends', shelfEndsAt(episode)],
  ['rise', overdueAt(episode, policy)],
  ['leave', leavesAt(episode, policy)],
]

/** What time alone will do next to this alarm; null: nothing. */
export const nextStep = (episode: Episode, policy: AlarmPolicy): NextStep | null => {
  const due = stepsOf(episode, policy).flatMap(([step, dueAt]) =>
    dueAt === null ? [] : [{ step, dueAt: Math.round(dueAt) }],
  )
  return due.toSorted((a, b) => a.dueAt - b.dueAt)[0] ?? null
}
