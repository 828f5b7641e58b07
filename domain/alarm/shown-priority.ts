import { countsAsCritical, leastPriority, raisedPriority } from './catalogue.ts'
import type { Priority, TherapyCriticality } from './codes.ts'
import { comparePriority } from './priority-rank.ts'
import type { EpisodeCondition, ShownPriority } from './episode.ts'

const atLeast = (shown: ShownPriority, floor: Priority, source: ShownPriority['source']): ShownPriority =>
  comparePriority(floor, shown.priority) > 0 ? { priority: floor, source, raised: source === 'server' } : shown

/** The highest of pump, default and server, with the winner named (vocabulary.md 7). The pump's own word is never lowered. */
export const shownPriority = (
  condition: EpisodeCondition,
  criticality: TherapyCriticality,
  overdue: boolean,
): ShownPriority => {
  const { code, reportedPriority, reportedSource, delivering } = condition
  const reported: ShownPriority = { priority: reportedPriority, source: reportedSource, raised: false }
  // The catalogue knows nothing about an alarm it does not know, so the pump's word stands.
  const saidByPump = code === 'device-text' && reportedSource === 'pump'
  const least = saidByPump ? reportedPriority : leastPriority(code)
  const byDefault = atLeast(reported, least, 'profile')
  const step = countsAsCritical(criticality) ? raisedPriority(code, least, delivering) : least
  const byTherapy = atLeast(byDefault, step, 'server')
  const byRecurrence = condition.recurring ? atLeast(byTherapy, 'medium', 'server') : byTherapy
  return overdue ? atLeast(byRecurrence, 'high', 'server') : byRecurrence
}
