import type { JSX } from 'preact'
import { age } from '#dashboard/core/format.ts'
import { Icon } from './icons.tsx'
import { SoundPause } from './sound-pause.tsx'
import { PushChip } from './push-chip.tsx'
import { OnCallChip } from './on-call-chip.tsx'
import { PathChip } from './path-chip.tsx'
import { UserMenu } from './user-menu.tsx'
import { useApp } from './state/app-state.ts'

/** One line, on every screen: how true the page is. */
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
      <SoundChip />
      <PathChip />
      <PushChip />
      <OnCallChip />
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
  const detail =
    look === 'late' && live.heardAgeMs.value !== null
      ? words.live.behind(age(live.heardAgeMs.value))
      : heard === null
        ? words.live.noData
        : words.live.dataAsOf(app.formats.value.timeSeconds(heard))
  return (
    <span class={`chip live-pill ${look}`} data-testid="live-pill" data-state={look}>
      <i class="dot" aria-hidden="true" />
      <b>{words.live[look]}</b>
      <span class="live-detail">{detail}</span>
    </span>
  )
}

const SoundChip = (): JSX.Element => {
  const app = useApp()
  const { words } = app
  const sound = app.sound.value
  const text = !sound.armed
    ? words.sound.notArmed
    : sound.elsewhere
      ? words.sound.elsewhere
      : sound.testedAt === null
        ? words.sound.on
        : words.sound.onTested(app.formats.value.time(sound.testedAt))
  return (
    <details class="menu sound-menu">
      <summary
        class={`chip ${sound.armed ? '' : 'worst'}`}
        data-testid="sound-chip"
        data-armed={sound.armed}
        data-sounding={sound.sounding}
      >
        <span class="chip-label">{words.sound.label} </span>
        <span class="chip-icon">
          <Icon name={sound.armed ? 'sound' : 'no-sound'} size={18} />
        </span>
        <b>{text}</b>
      </summary>
      <div class="menu-panel">
        {sound.armed ? (
          (['high', 'medium', 'low'] as const).map((kind) => (
            <button key={kind} class="btn" onClick={() => app.audio.test(kind)}>
              {kind === 'high'
                ? words.sound.testHigh
                : kind === 'medium'
                  ? words.sound.testMedium
                  : words.sound.testLow}
            </button>
          ))
        ) : (
          <button class="btn" onClick={() => app.audio.arm()}>
            {words.sound.turnOn}
          </button>
        )}
      </div>
    </details>
  )
}
