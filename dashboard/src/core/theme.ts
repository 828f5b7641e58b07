export type ThemeChoice = 'auto' | 'light' | 'dark' | 'night'
export type Theme = 'light' | 'dark' | 'night'

export const themeChoices: readonly ThemeChoice[] = ['auto', 'light', 'dark', 'night']

export interface ThemeQuestion {
  readonly choice: ThemeChoice
  readonly systemDark: boolean
  /** Minutes since midnight at the facility; null before its clock is known. */
  readonly minuteOfDay: number | null
  readonly current: Theme
  /** A theme that changes by itself under an open High would move what somebody is reading. */
  readonly highOpen: boolean
}

const nightFrom = 22 * 60
const nightTo = 6 * 60 + 30

export const themeOf = ({ choice, systemDark, minuteOfDay, current, highOpen }: ThemeQuestion): Theme => {
  if (choice !== 'auto') return choice
  if (highOpen) return current
  if (minuteOfDay !== null && (minuteOfDay >= nightFrom || minuteOfDay < nightTo)) return 'night'
  return systemDark ? 'dark' : 'light'
}
