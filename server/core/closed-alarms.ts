import type { EpisodeId } from '#domain/ids.ts'
import type { AlarmView } from '#domain/live/views.ts'

/** Closed episodes for lists and charts, newest kept. The journal has them all. */
export interface ClosedAlarms {
  add(alarm: AlarmView): void
  find(episodeId: EpisodeId): AlarmView | null
  all(): readonly AlarmView[]
}

export const closedCapacity = 20_000

export const createClosedAlarms = (capacity = closedCapacity): ClosedAlarms => {
  const alarms = new Map<EpisodeId, AlarmView>()
  return {
    add(alarm) {
      alarms.delete(alarm.episodeId)
      alarms.set(alarm.episodeId, alarm)
      const oldest = alarms.keys().next()
      if (alarms.size > capacity && oldest.done !== true) alarms.delete(oldest.value)
    },
    find: (episodeId) => alarms.get(episodeId) ?? null,
    all: () => [...alarms.values()],
  }
}
