import type { JSX } from 'preact'
import { age } from '#dashboard/core/format.ts'
import { OnCallChip } from './on-call-chip.tsx'
import { MergedChip, ReadyChips } from './ready-chips.tsx'
import { SoundPause } from './sound-pause.tsx'
import { useApp } from './state/app-state.ts'
import { UserMenu } from './user-menu.tsx'

/**
 * One line, on every screen: how true the page is. What is at its worst is filled with ink; a press opens the readiness check. On a phone
 * one chip stands for all of it.
 */
export const StatusBar = (): JSX.Element => {
  const app = useApp()
  const { words, live } = app
  const now = live.clock.value
  const screen = app.screen.value
  return (
    <header class="status-bar">
      <h1>{screen.name === 'pump' ? words.screens.pumps : words.screens[screen.name]}</h1>
      <LivePill />
      <span class="spacer" />
      <SoundPause />
      <ReadyChips />
      <OnCallChip />
      <MergedChip />
      <span class="chip clock" title={app.me.value?.facilityTimeZone}>
        <span class="sr">{words.clock} </span>
        <b>{now === null ? '–' : app.formats.value.time(now)}</b>
      </span>
      <UserMenu />
    </header>
  )
}

const LivePill = (): JSX.Element => {
  const app = useApp()
  const { live, words } = app
  const look = live.link.value
  const heard = live.dataAsOf.value
  const asOf = heard === null ? null : app.formats.value.timeSeconds(heard)
  const detail =
    look === 'late' && live.heardAgeMs.value !== null
      ? words.live.behind(age(live.heardAgeMs.value))
      : asOf === null
        ? words.live.noData
        : words.live.dataAsOf(asOf)
  return (
    <span class={`chip live-pill ${look}`} data-testid="live-pill" data-state={look}>
      <i class="dot" aria-hidden="true" />
      <b>{words.live[look]}</b>
      <span class="live-detail">{detail}</span>
      {look === 'live' && (
        <span class="live-time" aria-hidden="true">
          {asOf}
        </span>
      )}
    </span>
  )
}
