import { formatsFor } from '#dashboard/core/format.ts'
import type { Formats } from '#dashboard/core/format.ts'
import type { AppState } from './state/app-state.ts'

const made = new Map<string, Formats>()

/** Times by the clock of a patient's home. */
export const zonedTime = (app: AppState, timeZone: string): Formats => {
  const { locale } = app.language.value
  const key = `${timeZone} ${locale}`
  const formats = made.get(key) ?? formatsFor(timeZone, locale)
  made.set(key, formats)
  return formats
}
