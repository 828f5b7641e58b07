import type { ComponentChildren, JSX } from 'preact'
import { pumpWords } from '#dashboard/core/pump-words.ts'
import { age, nbsp, timeLeft } from '#dashboard/core/format.ts'
import { freshnessOf } from './pump-freshness.ts'
import { useApp } from './state/app-state.ts'
import type { AppState } from './state/app-state.ts'
import type { ChannelModel, PumpSample } from './state/pump-model.ts'
import { programOf } from './volume-bar.tsx'

/** Six values. A stale one stands on hatch as "– last 2.0 at 02:31": an old number never looks like a new one. */
export const PumpValues = ({ pump }: { readonly pump: ChannelModel }): JSX.Element => {
  const app = useApp()
  const { formats } = app
  const words = app.wordsWith(pumpWords)
  const text = words.pump
  const sample = pump.sample.value
  const fresh = freshnessOf(app, pump)
  const show = { app, pump }
  const left = sample?.timeRemainingSeconds ?? null
  const time = left === null ? null : timeLeft(left)
  const sampledAt = pump.sampledAt.value
  const { statusIntervalMs: interval, link } = pump.identity.value
  return (
    <dl class="values">
      <Value
        {...show}
        label={text.rate}
        value={sample?.rateMlPerHour ?? null}
        shown={(value) => formats.value.rate(value)}
        unit="mL/h"
        note={rateNote(app, sample)}
      />
      <Value
        {...show}
        label={text.infused}
        value={sample?.infusedTotalMl ?? null}
        shown={(value) => formats.value.volume(value)}
        unit="mL"
        note={programNote(app, sample)}
      />
      <Value
        {...show}
        label={text.timeLeft}
        value={left}
        shown={() => time?.value ?? ''}
        unit={time?.unit ?? ''}
        note={remainingNote(app, sample)}
      />
      <Value
        {...show}
        label={text.linePressure}
        value={sample?.linePressureMmHg ?? null}
        shown={(value) => formats.value.whole(value)}
        unit="mmHg"
        note={detectorNote(app, sample)}
      />
      <Value
        {...show}
        label={text.battery}
        value={sample?.batteryPercent ?? null}
        shown={(value) => formats.value.whole(value)}
        unit="%"
        note={batteryNote(app, sample)}
      />
      <div class={fresh.look === 'stale' || fresh.look === 'never' ? 'value old' : 'value'}>
        <dt>{text.dataAge}</dt>
        <dd class="value-figure">
          {fresh.ageMs === null || sampledAt === null ? (
            <span class="not-reported">{text.heardNever}</span>
          ) : app.live.frozen.value ? (
            <span class="stale-text">{text.heardAt(formats.value.timeSeconds(sampledAt))}</span>
          ) : (
            <AgeFigure ageMs={fresh.ageMs} />
          )}
        </dd>
        <dd class="value-note">
          {link === 'listening' ? '' : `${text.reportsEvery(age(interval))}. `}
          {text.link[link]}
        </dd>
      </div>
    </dl>
  )
}

/** The last word is its unit. */
const AgeFigure = ({ ageMs }: { readonly ageMs: number }): JSX.Element => {
  const text = age(ageMs)
  const at = text.lastIndexOf(nbsp)
  return (
    <bdi>
      <b>{text.slice(0, at)}</b>
      <span class="unit">{text.slice(at)}</span>
    </bdi>
  )
}

interface ValueProps {
  readonly app: AppState
  readonly pump: ChannelModel
  readonly label: string
  readonly value: number | null
  readonly shown: (value: number) => string
  readonly unit: string
  readonly note: ComponentChildren
}

const Value = ({ app, pump, label, value, shown, unit, note }: ValueProps): JSX.Element => {
  const { formats } = app
  const words = app.wordsWith(pumpWords)
  const fresh = freshnessOf(app, pump)
  const stale = fresh.look === 'stale' || fresh.look === 'never'
  const at = pump.sampledAt.value
  const questionable = pump.sample.value?.measurementStatus.includes('questionable') === true
  return (
    <div class={`value ${stale ? 'hatch' : ''} ${fresh.look === 'aged' ? 'aged' : ''}`}>
      <dt class="plate">{label}</dt>
      <dd class="value-figure plate">
        {stale ? (
          <span class="stale-text">
            {at === null
              ? words.pump.staleNever
              : value === null
                ? words.pump.staleNone
                : words.pump.stale(`${shown(value)}${nbsp}${unit}`, formats.value.moment(at, app.live.now.value ?? at))}
          </span>
        ) : value === null ? (
          <span class="not-reported">{words.notReported}</span>
        ) : (
          <bdi>
            <b>{shown(value)}</b>
            <span class="unit">
              {nbsp}
              {unit}
            </span>
          </bdi>
        )}
      </dd>
      {!stale && (
        <dd class="value-note">
          {fresh.look === 'aged' && fresh.ageMs !== null && <b>{words.pump.agedBy(age(fresh.ageMs))}. </b>}
          {note}
          {questionable && <b> {words.questionable}</b>}
        </dd>
      )}
    </div>
  )
}

const rateNote = (app: AppState, sample: PumpSample | null): string => {
  if (sample === null) return ''
  const state = app.words.operatingState[sample.operatingState]
  const set = sample.programmedRateMlPerHour
  return set === null ? state : `${state}, ${app.wordsWith(pumpWords).pump.set(app.formats.value.rate(set))}`
}

const programNote = (app: AppState, sample: PumpSample | null): string => {
  const program = programOf(sample)
  return program === null
    ? app.wordsWith(pumpWords).pump.total
    : app.wordsWith(pumpWords).pump.ofProgram(app.formats.value.volume(program))
}

const remainingNote = (app: AppState, sample: PumpSample | null): string => {
  const left = sample?.programRemainingMl ?? null
  return left === null
    ? app.wordsWith(pumpWords).pump.atSetRate
    : `${app.wordsWith(pumpWords).pump.remaining} ${app.formats.value.volume(left)}${nbsp}mL`
}

/** A detector that is off or unknown is written next to what it should guard: no alarm then proves nothing. */
const detectorNote = (app: AppState, sample: PumpSample | null): ComponentChildren => {
  const { airDetector, upstreamSensor } = app.wordsWith(pumpWords).pump
  const all = [
    { words: airDetector, enabled: sample?.airDetectorEnabled ?? null },
    { words: upstreamSensor, enabled: sample?.upstreamSensorEnabled ?? null },
  ]
  return all.map(({ words, enabled }) =>
    enabled === false ? (
      <b key={words.on}>{words.off}. </b>
    ) : (
      <span key={words.on}>{enabled === true ? words.on : words.unknown}. </span>
    ),
  )
}

const batteryNote = (app: AppState, sample: PumpSample | null): string => {
  if (sample === null) return ''
  const source = app.wordsWith(pumpWords).powerSource[sample.powerSource]
  const minutes = sample.batteryMinutesRemaining
  return minutes === null ? source : `${source}, ${app.wordsWith(pumpWords).pump.batteryTime(age(minutes * 60_000))}`
}
