import type { JSX } from 'preact'
import type { RosterRow } from '#domain/live/roster.ts'
import { pumpWords } from '#dashboard/core/pump-words.ts'
import { rosterWords } from '#dashboard/core/roster-words.ts'
import { age, nbsp, timeLeft } from '#dashboard/core/format.ts'
import type { AnyColumn } from '#dashboard/core/roster-columns.ts'
import { routeTo } from '#dashboard/core/route.ts'
import { AlarmGlyph } from './alarm-glyph.tsx'
import { alarmLook, saysState } from '#dashboard/core/alarm-look.ts'
import { freshnessOf } from './pump-freshness.ts'
import type { PumpFreshness } from './pump-freshness.ts'
import { useApp } from './state/app-state.ts'
import type { AppState } from './state/app-state.ts'
import type { ChannelModel } from './state/pump-model.ts'
import type { ShownRow } from './state/roster-model.ts'
import { zonedTime } from './zoned-time.ts'

/** The channel a line is about: from the live picture where it is known there. */
export const channelOfRow = (app: AppState, { row, pump }: ShownRow): ChannelModel => {
  const shown = app.live.pump(row.pump.pumpId) ?? pump
  return shown.channels.find((channel) => channel.sample.value?.channelId === row.channelId) ?? shown
}

export const isStale = ({ look }: PumpFreshness): boolean => look === 'stale' || look === 'never'

/** Label and, always beside it, the pump's own number: two identifiers before anything is opened. */
export const RosterIdentity = ({ row, focus }: { readonly row: RosterRow; readonly focus: number }): JSX.Element => {
  const app = useApp()
  const words = app.wordsWith(rosterWords)
  const { pumpId, label } = row.pump
  const channel = row.channelId === null ? null : words.roster.channel(row.channelId)
  return (
    <>
      <a
        class="roster-link"
        href={routeTo({ name: 'pump', pumpId })}
        tabIndex={focus}
        aria-label={words.roster.identity(
          label ?? words.roster.noLabel,
          channel === null ? pumpId : `${pumpId}, ${channel}`,
        )}
      >
        <b>{label ?? pumpId}</b>
      </a>
      <span class="roster-second">
        {label === null ? words.roster.noLabel : pumpId}
        {channel !== null && `, ${channel}`}
        {row.alike.length > 0 && (
          <span class="similar" data-testid="similar">
            {words.roster.similar(row.alike.map((other) => other.label).join(', '))}
          </span>
        )}
      </span>
    </>
  )
}

/** State in words, with the most urgent alarm's mark. A state nobody hears any more is unknown. */
export const RosterState = ({ shown }: { readonly shown: ShownRow }): JSX.Element => {
  const app = useApp()
  const { words } = app
  const channel = channelOfRow(app, shown)
  const sample = channel.sample.value
  const alarm = app.live.order.value.find(
    (open) =>
      open.pumpId === channel.id &&
      (open.channelId === null || shown.row.channelId === null || open.channelId === shown.row.channelId),
  )
  const look = alarm === undefined ? null : alarmLook(alarm, app.me.value?.userId ?? null)
  const state = isStale(freshnessOf(app, channel)) || sample === null ? 'unknown' : sample.operatingState
  return (
    <span
      class={`roster-state ${alarm === undefined ? '' : `is-${alarm.priority}`} ${look?.dashed === true ? 'dashed' : ''}`}
    >
      {alarm !== undefined && look !== null && (
        <AlarmGlyph
          priority={alarm.priority}
          look={{ ...look, flash: null }}
          label={words.row.glyph(words.priority[alarm.priority], words.row.state[look.status])}
          size={20}
        />
      )}
      <span>
        {alarm !== undefined && look !== null && saysState(look)
          ? words.alarm[alarm.code].name
          : words.operatingState[state]}
      </span>
    </span>
  )
}

/** One cell's text. A stale value says "– last 2.0": an old number never looks like a new one. */
export const cellText = (app: AppState, shown: ShownRow, column: Exclude<AnyColumn, 'label' | 'state'>): string => {
  const { formats } = app
  const words = app.wordsWith(pumpWords, rosterWords)
  const { row } = shown
  const channel = channelOfRow(app, shown)
  const sample = channel.sample.value
  const fresh = freshnessOf(app, channel)
  const now = app.live.now.value ?? row.pump.sampledAt ?? 0
  const at = channel.sampledAt.value
  const reading = (value: number | null | undefined, text: (value: number) => string): string => {
    if (at === null) return words.pump.staleNever
    if (value === null || value === undefined) return isStale(fresh) ? words.pump.staleNone : words.notReported
    return isStale(fresh) ? words.pump.stale(text(value), formats.value.moment(at, now)) : text(value)
  }
  const moment = (ms: number | null, none: string): string => (ms === null ? none : formats.value.moment(ms, now))
  const home = (ms: number | null, none: string): string => {
    if (ms === null) return none
    const zone = row.use?.timeZone ?? app.me.value?.facilityTimeZone ?? 'UTC'
    return words.roster.inZone(zonedTime(app, zone).moment(ms, now), zone)
  }
  switch (column) {
    case 'drug':
      return sample?.drugLabel ?? words.notReported
    case 'rate':
      return reading(sample?.rateMlPerHour, formats.value.rate)
    case 'time-left':
      return reading(sample?.timeRemainingSeconds, (seconds) => {
        const { value, unit } = timeLeft(seconds)
        return `${value}${nbsp}${unit}`
      })
    case 'battery':
      return reading(sample?.batteryPercent, (percent) => `${formats.value.whole(percent)}${nbsp}%`)
    case 'data-age':
      if (fresh.ageMs === null || at === null) return words.row.noData
      return app.live.frozen.value ? words.pump.heardAt(formats.value.timeSeconds(at)) : age(fresh.ageMs)
    case 'hub':
      return row.hubName
    case 'team':
      return row.use?.teamName ?? words.roster.notUsed
    case 'contact':
      return at === null ? words.pump.heardNever : formats.value.momentSeconds(at, now)
    case 'ends':
      return moment(row.endsAt, words.notReported)
    case 'battery-until':
      return moment(row.batteryUntil, words.notReported)
    case 'adherence':
      return row.adherence === null ? '' : words.roster.adherence[row.adherence]
    case 'planned':
      return home((row.use?.run ?? row.use?.nextRun)?.startsAt ?? null, words.roster.notPlanned)
    case 'ends-home':
      return home(row.endsAt, words.notReported)
    case 'next':
      return home(row.use?.nextRun?.startsAt ?? null, words.roster.notPlanned)
  }
}
