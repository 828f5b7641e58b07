import { checkInEvents } from './check-in.ts'
import { clockEvents } from './clock-put-back.ts'
import { leavesAt } from './closing.ts'
import type { AlarmEvent } from './events.ts'
import { overdueAt } from './overdue.ts'
import type { AlarmPolicy } from './policy.ts'
import { shelfEvents } from './shelf.ts'
import type { AlarmState } from './state.ts'

/** What time alone does. */
export const tickEvents = (state: AlarmState, at: number, policy: AlarmPolicy): readonly AlarmEvent[] => [
  ...clockEvents(state, at),
  ...episodeEvents(state, at, policy),
]

const episodeEvents = (state: AlarmState, at: number, policy: AlarmPolicy): readonly AlarmEvent[] =>
  Object.values(state.episodes).flatMap((episode): readonly AlarmEvent[] => {
    const { episodeId } = episode
    if (at >= (leavesAt(episode, policy) ?? Infinity))
      return [{ type: 'episode-closed', episodeId, at, why: 'low-and-over' }]
    if (at >= (overdueAt(episode, policy) ?? Infinity)) return [{ type: 'unanswered-too-long', episodeId, at }]
    return [...checkInEvents(episode, at, policy), ...shelfEvents(episode, at)]
  })
