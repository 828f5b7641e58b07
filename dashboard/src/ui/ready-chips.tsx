import type { JSX } from 'preact'
import { age } from '#dashboard/core/format.ts'
import type { Words } from '#dashboard/core/messages.ts'
import { onCallLook } from '#dashboard/core/on-call-look.ts'
import { isPathLoud } from '#dashboard/core/path-look.ts'
import type { PathLook } from '#dashboard/core/path-look.ts'
import { Icon } from './icons.tsx'
import { useApp } from './state/app-state.ts'
import type { AppState } from './state/app-state.ts'

type ShortName = keyof Words['duty']['short']

export interface ReadyChip {
  readonly id: 'path' | 'sound' | 'push' | 'awake'
  readonly label: string
  readonly text: string
  /** What a phone says of it; null: nothing that anybody has to see to. */
  readonly short: ShortName | null
  /** `worst`: an alarm may not be heard here. `wants`: somebody should look at it. */
  readonly look: 'fine' | 'wants' | 'worst'
  readonly data: Readonly<Record<`data-${string}`, string | boolean | null>>
}

/** What an alarm needs to be noticed by whoever sits here, each for itself. */
const ReadyChipOf = ({ chip }: { readonly chip: ReadyChip }): JSX.Element => {
  const { readiness } = useApp()
  return (
    <button
      type="button"
      class={`chip ready-chip ${chip.look === 'worst' ? 'worst' : 'calm'}`}
      aria-haspopup="dialog"
      data-testid={`${chip.id}-chip`}
      {...chip.data}
      onClick={() => readiness.show()}
    >
      <span class="chip-label">{chip.label} </span>
      <b>{chip.text}</b>
    </button>
  )
}

export const ReadyChips = (): JSX.Element => (
  <>
    {readyChips(useApp()).map((chip) => (
      <ReadyChipOf key={chip.id} chip={chip} />
    ))}
  </>
)

/** A phone's: the worst of them by name, and how many more there are. */
export const MergedChip = (): JSX.Element | null => {
  const app = useApp()
  const { duty } = app.words
  const chips = readyChips(app)
  const onCall = onCallLook(app.onCall.told.value, app.live.now.value).is
  const nobody: ShortName | null =
    app.mayAct.value && (onCall === 'nobody' || onCall === 'no-rota' || onCall === 'gap-soon') ? onCall : null
  const shortOf = (look: ReadyChip['look']): ShortName[] =>
    chips.flatMap((chip) => (chip.look === look && chip.short !== null ? [chip.short] : []))
  const worst = [...shortOf('worst'), ...(nobody === null ? [] : [nobody])]
  const [first, ...more] = [...worst, ...shortOf('wants')]
  const state = worst.length > 0 ? 'worst' : first === undefined ? 'fine' : 'wants'
  // Nothing is ready on a page that is not live.
  if (app.live.frozen.value && state === 'fine') return null
  return (
    <button
      type="button"
      class={`chip merged-chip ${state === 'worst' ? 'worst' : 'calm'}`}
      aria-haspopup="dialog"
      data-testid="ready-merged"
      data-state={state}
      onClick={() => app.readiness.show()}
    >
      <Icon name={icons[state]} size={18} />
      <b>{first === undefined ? duty.ready : duty.short[first]}</b>
      {more.length > 0 && (
        <span>
          <span aria-hidden="true">+{more.length}</span>
          <span class="sr">{duty.more(more.length)}</span>
        </span>
      )}
    </button>
  )
}

const icons = { worst: 'crossed', wants: 'eye', fine: 'check' } as const

export const readyChips = (app: AppState): readonly ReadyChip[] => [
  pathChip(app),
  soundChip(app),
  ...pushChip(app),
  ...awakeChip(app),
]

/** Whether a test alarm came through this page's sound, and when. */
const pathChip = ({ path, words }: AppState): ReadyChip => {
  const look = path.look.value
  return {
    id: 'path',
    label: words.path.label,
    text: shortly(words.path, look),
    short: look.is === 'proven' ? null : look.is,
    look: isPathLoud(look) ? 'worst' : look.is === 'proven' ? 'fine' : 'wants',
    data: { 'data-state': look.is },
  }
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

const soundChip = (app: AppState): ReadyChip => {
  const text = app.words.sound
  const { armed, place, testedAt, sounding } = app.sound.value
  const here = testedAt === null ? text.on : text.onTested(app.formats.value.time(testedAt))
  return {
    id: 'sound',
    label: text.label,
    text: !armed ? text.notArmed : place === 'here' ? here : place === 'elsewhere' ? text.elsewhere : text.starting,
    short: !armed ? 'silent' : place === 'here' ? null : place === 'elsewhere' ? 'elsewhere' : 'starting',
    look: !armed ? 'worst' : place === 'here' ? 'fine' : 'wants',
    data: { 'data-armed': armed, 'data-sounding': sounding },
  }
}

/** Whether somebody is paged while this page is closed. */
const pushChip = ({ push, readiness, words: { pages: text }, mayAct }: AppState): readonly ReadyChip[] => {
  if (!mayAct.value || push.devices.value === null) return []
  const failing = push.failing.value
  const none = push.working.value === 0
  return [
    {
      id: 'push',
      label: text.label,
      text: failing ? text.failing : none ? text.off : text.devices(push.working.value),
      short: failing ? 'failing' : none ? 'off' : null,
      look: failing ? 'worst' : none && readiness.duty.value !== 'looking' ? 'wants' : 'fine',
      data: { 'data-state': failing ? 'failing' : none ? 'off' : 'on' },
    },
  ]
}

/** Only while the screen should be kept on and is not. */
const awakeChip = ({ readiness, words }: AppState): readonly ReadyChip[] => {
  const look = readiness.awake.value
  if (look !== 'refused' && look !== 'unsupported') return []
  return [
    {
      id: 'awake',
      label: words.duty.item.screen,
      text: words.duty.maySleep,
      short: 'sleeps',
      look: 'wants',
      data: { 'data-state': look },
    },
  ]
}
