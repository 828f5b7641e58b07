import { computed, effect, signal } from '@preact/signals'
import type { ReadonlySignal, Signal } from '@preact/signals'
import type { Formats } from '#dashboard/core/format.ts'
import { themeOf } from '#dashboard/core/theme.ts'
import type { Theme, ThemeChoice } from '#dashboard/core/theme.ts'
import type { LiveStore } from './live-store.ts'

interface ThemeSources {
  readonly choice: ReadonlySignal<ThemeChoice>
  readonly theme: Signal<Theme>
  readonly live: LiveStore
  readonly formats: ReadonlySignal<Formats>
}

/** The page's colours follow the system, the facility's night and what was chosen. */
export const followTheme = ({ choice, theme, live, formats }: ThemeSources): void => {
  const dark = matchMedia('(prefers-color-scheme: dark)')
  const systemDark = signal(dark.matches)
  dark.addEventListener('change', () => (systemDark.value = dark.matches))
  const minute = computed(() => {
    const now = live.now.value
    if (now === null) return null
    const [hour, minutes] = formats.value.time(now).split(':').map(Number)
    return (hour ?? 0) * 60 + (minutes ?? 0)
  })
  const highOpen = computed(() => [...live.alarms.value.values()].some((alarm) => alarm.priority === 'high'))
  effect(() => {
    theme.value = themeOf({
      choice: choice.value,
      systemDark: systemDark.value,
      minuteOfDay: minute.value,
      current: theme.peek(),
      highOpen: highOpen.value && live.loaded.value,
    })
    document.documentElement.dataset['theme'] = theme.value
  })
}
