import type { JSX } from 'preact'
import { age } from '#dashboard/core/format.ts'
import type { Words } from '#dashboard/core/messages.ts'
import { isPathLoud } from '#dashboard/core/path-look.ts'
import type { PathLook } from '#dashboard/core/path-look.ts'
import { Icon } from './icons.tsx'
import type { IconName } from './icons.tsx'
import { OnCallChip } from './on-call-chip.tsx'
import { SoundPause } from './sound-pause.tsx'
import { useApp } from './state/app-state.ts'
import { UserMenu } from './user-menu.tsx'

/** One line, on every screen: how true the page is. What is at its worst is filled with ink; a press opens the readiness check. */
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
      <PathChip />
      <SoundChip />
      <PushChip />
      <AwakeChip />
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

interface ChipProps {
  readonly label: string
  readonly text: string
  readonly worst: boolean
  readonly icon: IconName
  readonly testId: string
  readonly data: Readonly<Record<`data-${string}`, string | boolean | null>>
}

/** On a phone its icon alone, unless it is at its worst. */
const ReadyChip = ({ label, text, worst, icon, testId, data }: ChipProps): JSX.Element => {
  const { readiness } = useApp()
  return (
    <button
      type="button"
      class={`chip ready-chip ${worst ? 'worst' : 'calm'}`}
      aria-haspopup="dialog"
      data-testid={testId}
      {...data}
      onClick={() => readiness.show()}
    >
      <span class="chip-label">{label} </span>
      <span class="chip-icon">
        <Icon name={icon} size={18} />
      </span>
      <b>{text}</b>
    </button>
  )
}

/** Whether a test alarm came through this page's sound, and when. */
const PathChip = (): JSX.Element => {
  const { path, words } = useApp()
  const look = path.look.value
  return (
    <ReadyChip
      label={words.path.label}
      text={shortly(words.path, look)}
      worst={isPathLoud(look)}
      icon={look.is === 'proven' ? 'check' : 'eye'}
      testId="path-chip"
      data={{ 'data-state': look.is }}
    />
  )
}

const shortly = (text: Words['path'], look: PathLook): string => {
  switch (look.is) {
    case 'unproven':
      return text.unproven(look.ageMs === null ? null : age(look.ageMs))
    case 'not-heard':
      return text.notHeard
    case 'check-due':
      return text.checkDue
    case 'waiting':
      return text.waiting
    case 'proven':
      return text.proven(age(look.ageMs))
  }
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
    <ReadyChip
      label={words.sound.label}
      text={text}
      worst={!sound.armed}
      icon={sound.armed ? 'sound' : 'no-sound'}
      testId="sound-chip"
      data={{ 'data-armed': sound.armed, 'data-sounding': sound.sounding }}
    />
  )
}

/** Whether somebody is paged while this page is closed. */
const PushChip = (): JSX.Element | null => {
  const { push, words, mayAct } = useApp()
  if (!mayAct.value || push.devices.value === null) return null
  const text = words.pages
  const failing = push.failing.value
  const none = push.working.value === 0
  return (
    <ReadyChip
      label={text.label}
      text={failing ? text.failing : none ? text.off : text.devices(push.working.value)}
      worst={failing}
      icon="phone"
      testId="push-chip"
      data={{ 'data-state': failing ? 'failing' : none ? 'off' : 'on' }}
    />
  )
}

/** Only while it should be kept on and is not. */
const AwakeChip = (): JSX.Element | null => {
  const { readiness, words } = useApp()
  const look = readiness.awake.value
  if (look !== 'refused' && look !== 'unsupported') return null
  return (
    <ReadyChip
      label={words.duty.item.screen}
      text={words.duty.maySleep}
      worst={false}
      icon="eye"
      testId="awake-chip"
      data={{ 'data-state': look }}
    />
  )
}
