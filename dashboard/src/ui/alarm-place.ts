import type { AlarmView } from '#domain/live/views.ts'
import type { AppState } from './state/app-state.ts'

/** Where the alarm is, in the words people use: bed label, else pump id; hub; site. */
export const whereOf = (app: AppState, alarm: Pick<AlarmView, 'pumpId' | 'hubId'>): string => {
  if (alarm.pumpId !== null) return app.live.pump(alarm.pumpId)?.label ?? alarm.pumpId
  if (alarm.hubId !== null) return app.words.wall.hub(app.live.hubs.value.get(alarm.hubId)?.name ?? alarm.hubId)
  return app.words.wall.site
}
