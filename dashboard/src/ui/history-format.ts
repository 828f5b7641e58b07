import type { AlarmCode } from '#domain/alarm/codes.ts'
import type { AlarmBurden, AnalyticsGroup } from '#domain/live/analytics.ts'
import { historyWords } from '#dashboard/core/history-words.ts'
import type { AppState } from './state/app-state.ts'

/** Of a whole, with one decimal below ten percent. */
export const percent = (app: AppState, share: AlarmBurden['false']): string => {
  const text = app.wordsWith(historyWords).past.figures
  return share === null ? text.none : text.percent((share * 100).toFixed(share < 0.1 && share > 0 ? 1 : 0))
}

const isCode = ({ words }: AppState, key: string): key is AlarmCode => Object.hasOwn(words.alarm, key)

/** The name of a group of figures: an alarm's, a pump's label, or its key. */
export const groupName = (app: AppState, by: AnalyticsGroup, key: string): string => {
  if (key === '-') return app.wordsWith(historyWords).past.noKey
  if (by === 'code' && isCode(app, key)) return app.words.alarm[key].name
  return by === 'pump' ? (app.live.pumps.value.find(({ id }) => id === key)?.label ?? key) : key
}
