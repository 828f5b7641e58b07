import type { JSX } from 'preact'
import type { HubId } from '#domain/ids.ts'
import type { AlarmView, HubView } from '#domain/live/views.ts'
import type { MediumGroup, QueueItem } from '#dashboard/core/queue-items.ts'
import { timer } from '#dashboard/core/format.ts'
import { AlarmGlyph } from './alarm-glyph.tsx'
import { useOnePhase } from './flash-phase.ts'
import { whereOf } from './alarm-place.ts'
import { firstNextLine, lineWithoutLink } from './owner-lines.ts'
import { useApp } from './state/app-state.ts'

const folds = { filled: true, dashed: false, flash: null, status: 'new' } as const
const filled = { filled: true, dashed: false, flash: 'medium', status: 'new' } as const

/** In a flood: several Medium alarms of one cause or hub as one row, which opens. */
export const AlarmGroup = ({ group, open }: { readonly group: MediumGroup; readonly open: boolean }): JSX.Element => {
  const app = useApp()
  const { words, live, queue } = app
  const next = live.frozen.value ? lineWithoutLink(app) : firstNextLine(app, group.alarms)
  useOnePhase('medium')
  const [first] = group.alarms
  const now = live.now.value
  const oldest = Math.min(...group.alarms.map(({ startedAt }) => startedAt))
  const name =
    first === undefined
      ? ''
      : group.by === 'cause'
        ? words.alarm[first.code].name
        : words.wall.hub(hubName(live.hubs.value, first.hubId))
  return (
    <li class="alarm-row alarm-group is-medium tint unowned" data-testid="alarm-group">
      <i class="edge flash-medium" aria-hidden="true" />
      <AlarmGlyph priority="medium" look={filled} label={words.row.glyph(words.priority.medium, words.row.state.new)} />
      <div class="row-name">
        <span class="alarm-name">{words.queue.group(name, group.alarms.length)}</span>
        <span class="second">{group.by === 'cause' ? words.queue.byCause : words.queue.byHub}</span>
      </div>
      <div class="row-place">
        <Places group={group} />
      </div>
      <div class="row-timer">{now === null ? '–' : timer(now - oldest)}</div>
      <div class="row-owner">
        <b>{words.row.unowned}</b>
        {next !== null && <span class="next strong">{next}</span>}
      </div>
      <div class="row-actions">
        <button class="btn" data-place aria-expanded={open} onClick={() => queue.toggleGroup(group.key)}>
          {open ? words.queue.fold : words.queue.unfold(group.alarms.length)}
        </button>
      </div>
    </li>
  )
}

const hubName = (hubs: ReadonlyMap<HubId, HubView>, id: HubId | null): string =>
  id === null ? '' : (hubs.get(id)?.name ?? id)

const placesShown = 4

const Places = ({ group }: { readonly group: MediumGroup }): JSX.Element => {
  const app = useApp()
  const places = [...new Set(group.alarms.map((alarm) => whereOf(app, alarm)))]
  const more = places.length - placesShown
  return (
    <span class="second">
      {places.slice(0, placesShown).join(', ')}
      {more > 0 && ` ${app.words.badge.more(more)}`}
    </span>
  )
}

type LowItem = Extract<QueueItem, { readonly kind: 'low-fold' }>

export const LowFold = ({ fold: { folded, shown, open } }: { readonly fold: LowItem }): JSX.Element => {
  const { words, queue } = useApp()
  return (
    <li class="is-low">
      <button class="btn fold" data-place aria-expanded={open} onClick={() => (queue.allLows.value = !open)}>
        <AlarmGlyph priority="low" look={folds} label={null} size={22} />
        {open ? words.wall.foldLow(shown) : words.wall.foldedLow(folded, shown)}
      </button>
    </li>
  )
}

/** Stands where an alarm was for a moment, so that nothing slides under a finger and the focus has a place. */
export const AlarmTomb = ({ alarm }: { readonly alarm: AlarmView }): JSX.Element => {
  const app = useApp()
  const { words } = app
  return (
    <li class="tomb" tabIndex={-1} data-place data-testid="tombstone" data-gone={alarm.episodeId}>
      <AlarmGlyph
        priority={alarm.priority}
        look={{ filled: false, dashed: true, flash: null, status: 'ended-taken' }}
        label={null}
        size={22}
      />
      <span>
        <b>{words.alarm[alarm.code].name}</b>, {whereOf(app, alarm)}: {words.queue.left}
      </span>
    </li>
  )
}
