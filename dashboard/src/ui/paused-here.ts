import type { AlarmView } from '#domain/live/views.ts'
import { covers } from '#domain/sound/audio-pause.ts'
import { alarmLook } from '#dashboard/core/alarm-look.ts'
import type { AppState } from './state/app-state.ts'

/** Whether this station is quiet about an alarm that would sound. Reads signals. */
export const pausedHere = (app: AppState, alarm: AlarmView): boolean => {
  const pause = app.pause.value
  return pause !== null && alarmLook(alarm, null).sounds && covers(pause, alarm)
}

/** ms until it sounds here again; null: it is not paused. Read for its change once a second. */
export const pauseLeft = (app: AppState, alarm: AlarmView): number | null => {
  const pause = app.pause.value
  if (pause === null || !pausedHere(app, alarm)) return null
  void app.live.clock.value
  return pause.until - performance.now()
}
