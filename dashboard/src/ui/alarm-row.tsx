import { useComputed } from '@preact/signals'
import type { JSX } from 'preact'
import { useLayoutEffect, useMemo } from 'preact/hooks'
import type { AlarmView } from '#domain/live/views.ts'
import { alarmLook } from '#dashboard/core/alarm-look.ts'
import type { AlarmLook } from '#dashboard/core/alarm-look.ts'
import { age, drugText, nbsp } from '#dashboard/core/format.ts'
import { routeTo } from '#dashboard/core/route.ts'
import { maySelect } from '#dashboard/core/selection.ts'
import { AlarmActions } from './alarm-actions.tsx'
import { AlarmBadges } from './alarm-badges.tsx'
import { AlarmGlyph } from './alarm-glyph.tsx'
import { useOnePhase } from './flash-phase.ts'
import { AlarmOwner } from './alarm-owner.tsx'
import { channelOf, whereOf } from './alarm-place.ts'
import { AlarmRowInShort } from './alarm-row-in-short.tsx'
import { AlarmTimer } from './alarm-timer.tsx'
import { pausedHere } from './paused-here.ts'
import { freshnessOf, pumpFreshnessOf } from './pump-freshness.ts'
import type { Words } from '#dashboard/core/messages.ts'
import { useApp } from './state/app-state.ts'
import type { AppState } from './state/app-state.ts'
import { useComputedOf } from './state/use-computed-of.ts'
import { useInSight } from './state/use-in-sight.ts'

interface RowProps {
  readonly alarm: AlarmView
  readonly first: boolean
  readonly inGroup: boolean
  readonly changed: boolean
  /** False right after the rows moved. Always the same function: a row is drawn again only when it differs. */
  readonly meant: (alarm: AlarmView) => boolean
}

const controls = 'button, a, summary, details, input, label'

export const AlarmRow = ({ alarm, first, inGroup, changed, meant }: RowProps): JSX.Element => {
  const app = useApp()
  const { words, queue } = app
  const opened = useComputed(() => queue.opened.value === alarm.episodeId).value
  const open = (event: MouseEvent): void => {
    if (event.target instanceof Element && event.target.closest(controls) !== null) return
    if (meant(alarm)) queue.opened.value = opened ? null : alarm.episodeId
  }
  const look = alarmLook(alarm, app.me.value?.userId ?? null)
  const entry = words.alarm[alarm.code]
  const near = useMemo(() => queue.nearness.begin(alarm.episodeId), [queue, alarm.episodeId])
  const sight = useInSight<HTMLLIElement>(alarm.episodeId, !near.value)
  usePaintMark(alarm.episodeId)
  // Before the frame that shows it: what is told afterwards asks for a frame of its own.
  useLayoutEffect(
    () =>
      sight.current === null ? undefined : queue.nearness.watch(sight.current, { episodeId: alarm.episodeId, near }),
    [queue, sight, near, alarm.episodeId],
  )
  const name = alarm.code === 'device-text' && alarm.vendorText !== null ? alarm.vendorText : entry.name
  const where = whereOf(app, alarm)
  const glyph = words.row.glyph(words.priority[alarm.priority], words.row.state[look.status])
  const parts = { alarm, look, name, second: secondLine(words, alarm), where, glyph }
  const classes = [
    'alarm-row',
    `is-${alarm.priority}`,
    look.tint ? 'tint' : '',
    look.dashed ? 'dashed' : '',
    look.hatched ? 'hatched hatch' : '',
    look.filled ? 'unowned' : '',
    changed ? 'changed' : '',
    opened ? 'opened' : '',
    inGroup ? 'in-group' : '',
    near.value ? '' : 'short',
  ]
  return (
    <li
      ref={sight}
      class={classes.filter((part) => part !== '').join(' ')}
      tabIndex={first ? 0 : -1}
      aria-label={`${glyph}: ${name}, ${where}`}
      onClick={open}
      data-place
      data-testid="alarm-row"
      data-episode={alarm.episodeId}
      data-pump={alarm.pumpId}
      data-code={alarm.code}
      data-priority={alarm.priority}
      data-condition={alarm.condition}
      data-response={alarm.response}
    >
      {near.value ? <WholeRow {...parts} meant={() => meant(alarm)} /> : <AlarmRowInShort {...parts} />}
    </li>
  )
}

interface PartsProps {
  readonly alarm: AlarmView
  readonly look: AlarmLook
  readonly name: string
  readonly second: string
  readonly where: string
  readonly glyph: string
  readonly meant: () => boolean
}

const WholeRow = ({ alarm, look, name, second, where, glyph, meant }: PartsProps): JSX.Element => {
  const app = useApp()
  const { words, queue } = app
  useOnePhase(look.flash)
  return (
    <>
      <i class={`edge ${look.flash === null ? '' : `flash-${look.flash}`}`} aria-hidden="true" />
      <AlarmGlyph priority={alarm.priority} look={look} label={glyph} paused={pausedHere(app, alarm)} />
      <Choose alarm={alarm} name={name} where={where} />
      <div class="row-name plate">
        <span class="alarm-name" elementtiming={alarm.episodeId}>
          {name}
          {look.status === 'new' && <span class="new-word"> {words.row.newWord}</span>}
        </span>
        <span class="second">{second}</span>
      </div>
      <Place alarm={alarm} where={where} />
      <AlarmTimer alarm={alarm} look={look} />
      <AlarmOwner alarm={alarm} look={look} />
      <AlarmActions
        alarm={alarm}
        look={look}
        where={where}
        meant={meant}
        openDialog={(dialog) => (queue.dialog.value = dialog)}
      />
      <AlarmBadges alarm={alarm} />
    </>
  )
}

/** Only while several are being chosen, and only where that is allowed. */
const Choose = ({ alarm, name, where }: { alarm: AlarmView; name: string; where: string }): JSX.Element | null => {
  const { words, queue } = useApp()
  const chosen = queue.chosen.value
  if (chosen === null) return null
  const isChosen = chosen.has(alarm.episodeId)
  if (!isChosen && !maySelect(alarm, queue.chosenAlarms.value)) return null
  return (
    <label class="choose">
      <input type="checkbox" checked={isChosen} onChange={() => queue.choose(alarm)} />
      <span class="sr">{words.queue.chooseThis(name, where)}</span>
    </label>
  )
}

/** Who cannot be reached is more than that somebody cannot. */
const secondLine = (words: Words, { code, vendorText }: AlarmView): string =>
  (code === 'notify-channel-down' || code === 'path-unproven') && vendorText !== null
    ? vendorText
    : words.alarm[code].consequence

const Place = ({ alarm, where }: { readonly alarm: AlarmView; readonly where: string }): JSX.Element => {
  const app = useApp()
  const { words } = app
  const pump = app.live.pump(alarm.pumpId)
  const facts = useComputedOf(() => placeFacts(app, alarm), [app, alarm])
  if (pump === null)
    return (
      <div class="row-place plate">
        <b>{where}</b>
        {alarm.unverifiedPumps.length > 0 && (
          <span class="second">
            {words.row.pumps(alarm.unverifiedPumps.length)}:{' '}
            {alarm.unverifiedPumps.map((id) => app.live.pump(id)?.label ?? id).join(', ')}
          </span>
        )}
      </div>
    )
  return (
    <div class="row-place plate">
      <a class="row-link" href={routeTo({ name: 'pump', pumpId: pump.id })}>
        {where}
      </a>
      <span class="second">{facts}</span>
    </div>
  )
}

const placeFacts = (app: AppState, alarm: AlarmView): string => {
  const pump = app.live.pump(alarm.pumpId)
  if (pump === null) return ''
  const channel = channelOf(app, alarm)
  const sample = channel?.sample.value ?? null
  const fresh = channel === null ? pumpFreshnessOf(app, pump) : freshnessOf(app, channel)
  const facts = [
    pump.label === pump.id ? null : pump.id,
    sample?.drugLabel == null ? null : drugText(sample.drugLabel),
    sample === null || sample.rateMlPerHour === null || fresh.look === 'stale'
      ? null
      : `${app.formats.value.rate(sample.rateMlPerHour)}${nbsp}mL/h`,
    fresh.ageMs === null
      ? app.words.row.noData
      : app.live.frozen.value
        ? null
        : app.words.row.dataAge(age(fresh.ageMs)),
  ]
  return facts.filter((fact) => fact !== null).join(', ')
}

/** For measuring: marked right behind the frame that shows the row first. A frame of its own would keep the next alarm waiting. */
const usePaintMark = (episodeId: string): void => {
  useLayoutEffect(() => {
    const name = `alarm-painted:${episodeId}`
    // A row that leaves the slot for its place, or its fold, was painted before.
    if (performance.getEntriesByName(name).length > 0) return
    const behind = new MessageChannel()
    behind.port1.addEventListener('message', () => performance.mark(name))
    behind.port1.start()
    const frame = requestAnimationFrame(() => behind.port2.postMessage(null))
    return () => {
      cancelAnimationFrame(frame)
      behind.port1.close()
    }
  }, [episodeId])
}
