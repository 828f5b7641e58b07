import type { JSX } from 'preact'
import { pumpWords } from '#dashboard/core/pump-words.ts'
import { alarmLook, saysState } from '#dashboard/core/alarm-look.ts'
import { densityOf } from '#dashboard/core/density.ts'
import { age, nbsp } from '#dashboard/core/format.ts'
import { routeTo } from '#dashboard/core/route.ts'
import { AlarmGlyph } from './alarm-glyph.tsx'
import { freshnessOf, pumpFreshnessOf } from './pump-freshness.ts'
import { useApp } from './state/app-state.ts'
import type { AppState } from './state/app-state.ts'
import type { ChannelModel, PumpModel, PumpSample } from './state/pump-model.ts'
import { VolumeBar } from './volume-bar.tsx'

/** Large tiles add infused, remaining and battery; without a wish they are large while there are few. */
export const PumpTiles = ({ density }: { readonly density?: 'large' | 'compact' }): JSX.Element => {
  const app = useApp()
  const pumps = app.live.pumps.value
  if (pumps.length === 0) return <p class="hint">{app.words.wall.noPumps}</p>
  const large = (density ?? densityOf(pumps.length, 'auto')) === 'large'
  return (
    <ul class={`tiles ${large ? 'large' : 'compact'}`}>
      {pumps.map((pump) => (
        <PumpTile key={pump.id} pump={pump} large={large} />
      ))}
    </ul>
  )
}

const PumpTile = ({ pump, large }: { readonly pump: PumpModel; readonly large: boolean }): JSX.Element => {
  const app = useApp()
  const words = app.wordsWith(pumpWords)
  const alarm = app.live.urgent.value.get(pump.id) ?? null
  const look = alarm === null ? null : alarmLook(alarm, app.me.value?.userId ?? null)
  const spoken = alarm !== null && look !== null && saysState(look) ? alarm : null
  const sample = pump.sample.value
  const fresh = pumpFreshnessOf(app, pump)
  const stale = fresh.look === 'stale' || fresh.look === 'never'
  const { link } = pump.identity.value
  const several = pump.channels.length > 1
  return (
    <li
      class={`tile ${alarm === null ? '' : `is-${alarm.priority}`} ${look?.tint === true ? 'tint' : ''} ${look?.dashed === true ? 'dashed' : ''} ${stale ? 'stale' : ''}`}
      data-testid="pump-tile"
      data-pump={pump.id}
      data-freshness={fresh.look}
    >
      <div class="tile-head">
        <a class="tile-link" href={routeTo({ name: 'pump', pumpId: pump.id })}>
          {pump.label}
        </a>
        {alarm !== null && look !== null && (
          <AlarmGlyph
            priority={alarm.priority}
            look={{ ...look, flash: null }}
            label={words.row.glyph(words.priority[alarm.priority], words.row.state[look.status])}
            size={22}
          />
        )}
      </div>
      <span class={`tile-state ${spoken === null ? '' : 'alarm'}`}>
        {spoken !== null
          ? words.alarm[spoken.code].name
          : several
            ? words.pump.channels
            : stale || sample === null
              ? link === 'listening'
                ? words.pump.link.listening
                : words.operatingState.unknown
              : words.operatingState[sample.operatingState]}
      </span>
      {several ? (
        pump.channels.map((channel) => (
          <TileChannel key={channel.sample.value?.channelId} channel={channel} large={large} />
        ))
      ) : (
        <>
          <TileRate pump={pump} />
          {large && <TileVolumes sample={sample} stale={stale} />}
          <VolumeBar sample={sample} stale={stale} />
        </>
      )}
      <div class="tile-foot">
        {large && <span>{batteryText(app, sample, stale)}</span>}
        {!large && !several && <bdi>{remainingText(app, sample, stale)}</bdi>}
        <bdi class={fresh.look === 'fresh' ? 'data-age' : 'data-age old'}>{ageText(app, pump, fresh.ageMs)}</bdi>
      </div>
    </li>
  )
}

/** One of several channels: what it does and its figures, however old those of the others are. */
const TileChannel = ({ channel, large }: { readonly channel: ChannelModel; readonly large: boolean }): JSX.Element => {
  const app = useApp()
  const { words } = app
  const sample = channel.sample.value
  const { look } = freshnessOf(app, channel)
  const stale = look === 'stale' || look === 'never'
  const state = words.operatingState[stale || sample === null ? 'unknown' : sample.operatingState]
  return (
    <div class="tile-channel" data-testid="tile-channel" data-channel={sample?.channelId} data-freshness={look}>
      <span class="tile-channel-name">
        {words.channel(sample?.channelId ?? '')}: {state}
      </span>
      <TileRate pump={channel} />
      {large ? <TileVolumes sample={sample} stale={stale} /> : <bdi>{remainingText(app, sample, stale)}</bdi>}
      <VolumeBar sample={sample} stale={stale} />
    </div>
  )
}

const TileRate = ({ pump }: { readonly pump: ChannelModel }): JSX.Element => {
  const app = useApp()
  const { formats } = app
  const words = app.wordsWith(pumpWords)
  const sample = pump.sample.value
  const fresh = freshnessOf(app, pump)
  const rate = sample?.rateMlPerHour ?? null
  const at = pump.sampledAt.value
  if (fresh.look === 'never' || at === null)
    return (
      <p class="tile-rate stale-value hatch">
        <span>{words.pump.staleNever}</span>
      </p>
    )
  if (fresh.look === 'stale')
    return (
      <p class="tile-rate stale-value hatch">
        <span>
          {rate === null
            ? words.pump.staleNone
            : words.pump.stale(
                `${formats.value.rate(rate)}${nbsp}mL/h`,
                formats.value.moment(at, app.live.now.value ?? at),
              )}
        </span>
      </p>
    )
  return (
    <p class={`tile-rate ${fresh.look === 'aged' ? 'aged' : ''}`}>
      {rate === null ? (
        <span class="not-reported">{words.notReported}</span>
      ) : (
        <>
          <b>{formats.value.rate(rate)}</b>
          <span class="unit">mL/h</span>
        </>
      )}
      {sample?.measurementStatus.includes('questionable') === true && <span class="unit">{words.questionable}</span>}
    </p>
  )
}

const TileVolumes = ({
  sample,
  stale,
}: {
  readonly sample: PumpSample | null
  readonly stale: boolean
}): JSX.Element => {
  const app = useApp()
  const { formats } = app
  const words = app.wordsWith(pumpWords)
  const volume = (value: number | null | undefined): string =>
    stale ? '–' : value === null || value === undefined ? words.notReported : `${formats.value.volume(value)}${nbsp}mL`
  return (
    <dl class="tile-volumes">
      <div>
        <dt>{words.pump.infused}</dt>
        <dd>
          <bdi>{volume(sample?.infusedTotalMl)}</bdi>
        </dd>
      </div>
      <div>
        <dt>{words.pump.remaining}</dt>
        <dd>
          <bdi>{volume(sample?.programRemainingMl)}</bdi>
        </dd>
      </div>
    </dl>
  )
}

/** An age that stands still would lie: while the page is not live the sample's own time is shown. */
/** Of the channel that was heard longest ago. */
const ageText = (app: AppState, pump: PumpModel, ageMs: number | null): string => {
  const times = pump.channels.flatMap(({ sampledAt }) => sampledAt.value ?? [])
  const at = times.length === 0 ? null : Math.min(...times)
  if (ageMs === null || at === null) return app.words.row.noData
  return app.live.frozen.value ? app.formats.value.timeSeconds(at) : age(ageMs)
}

const remainingText = (app: AppState, sample: PumpSample | null, stale: boolean): string => {
  const left = sample?.programRemainingMl ?? null
  return stale || left === null ? '–' : `${app.formats.value.volume(left)}${nbsp}mL`
}

const batteryText = (app: AppState, sample: PumpSample | null, stale: boolean): string => {
  const words = app.wordsWith(pumpWords)
  const percent = sample?.batteryPercent ?? null
  return `${words.pump.battery} ${stale ? '–' : percent === null ? words.notReported : `${app.formats.value.whole(percent)}${nbsp}%`}`
}
