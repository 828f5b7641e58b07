import type { z } from 'zod'
import type { AlarmListQuery, AlarmTrait } from '#domain/live/api.ts'
import type { AlarmView } from '#domain/live/views.ts'
import { chatteringTimes, standingMs } from '#domain/analytics/burden.ts'

type Query = z.infer<typeof AlarmListQuery>

const has = (trait: AlarmTrait, alarm: AlarmView, now: number): boolean => {
  switch (trait) {
    case 'came-back':
      return alarm.recurrence > 0
    case 'chattering':
      return alarm.recurrence >= chatteringTimes
    case 'standing':
      return (alarm.endedAt ?? now) - alarm.startedAt > standingMs
    case 'taken':
      return alarm.acceptedAt !== null
    case 'judged':
      return alarm.resolved !== null
  }
}

/** Whether an episode is among those that were asked for. `now`: server time, ms. */
export const isAsked = (query: Query, alarm: AlarmView, now: number): boolean =>
  (query.pumpId === undefined || alarm.pumpId === query.pumpId) &&
  (query.before === undefined || alarm.startedAt < query.before) &&
  (query.toldFrom === undefined || alarm.observedAt >= query.toldFrom) &&
  (query.toldTo === undefined || alarm.observedAt < query.toldTo) &&
  (query.code === undefined || alarm.code === query.code) &&
  (query.priority === undefined || alarm.priority === query.priority) &&
  (query.class === undefined || alarm.resolved?.class === query.class) &&
  (query.simulated === undefined || alarm.simulated === (query.simulated === 'true')) &&
  (query.trait === undefined || has(query.trait, alarm, now))
