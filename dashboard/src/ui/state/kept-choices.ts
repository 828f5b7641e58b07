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

export const keptVolume = (): number => {
  const stored = Number(kept('volume') ?? Number.NaN)
  return stored > 0 && stored <= 1 ? stored : standardVolume
}

export const keptTheme = (): ThemeChoice => themeChoices.find((choice) => choice === kept('theme')) ?? 'auto'
