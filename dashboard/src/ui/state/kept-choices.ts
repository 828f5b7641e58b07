import { standardVolume } from '#dashboard/core/volume.ts'
import { themeChoices } from '#dashboard/core/theme.ts'
import type { ThemeChoice } from '#dashboard/core/theme.ts'

// What this browser keeps of somebody's choices: never anything of a patient.

export type KeptName = 'theme' | 'urgent-phone' | 'language' | 'keys' | 'volume' | 'sound-output'

export const kept = (name: KeptName): string | null => localStorage.getItem(name)

/** Null: forgotten. */
export const keep = (name: KeptName, value: string | null): void => {
  if (value === null) localStorage.removeItem(name)
  else localStorage.setItem(name, value)
}

/** In this tab, over a reload: alarms were watched here, and nobody has signed out since. */
export const watched = {
  get: (): boolean => sessionStorage.getItem('watched') !== null,
  set: (isWatched: boolean): void =>
    isWatched ? sessionStorage.setItem('watched', 'yes') : sessionStorage.removeItem('watched'),
} as const

export const keptVolume = (): number => {
  const stored = Number(kept('volume') ?? Number.NaN)
  return stored > 0 && stored <= 1 ? stored : standardVolume
}

export const keptTheme = (): ThemeChoice => themeChoices.find((choice) => choice === kept('theme')) ?? 'auto'
