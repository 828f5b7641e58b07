import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import type { Replay } from '#domain/live/replay.ts'
import type { AlarmView } from '#domain/live/views.ts'
import { historyWords } from '#dashboard/core/history-words.ts'
import { compareAlarms, countOf } from '#dashboard/core/alarm-order.ts'
import { alarmLook } from '#dashboard/core/alarm-look.ts'
import { timer } from '#dashboard/core/format.ts'
import type { HistoryQuery } from '#dashboard/core/history-query.ts'
import { zonedMs, zonedParts } from '#dashboard/core/zoned-time.ts'
import { AskedNotice } from './asked-notice.tsx'
import { whereOf } from './alarm-place.ts'
import { historyHref, serverNow } from './history-link.ts'
import { QuietGlyph } from './quiet-glyph.tsx'
import { useApp } from './state/app-state.ts'
import { useAsked } from './state/asked.ts'

const steps = [-60, -10, -1, 1, 10, 60] as const
const minuteMs = 60_000
/** Not the browser's own inputs: their order of day and month, and their clock of twelve hours, follow the computer. */
const dayPattern = String.raw`\d{4}-\d{2}-\d{2}`
const timePattern = '([01][0-9]|2[0-3]):[0-5][0-9]'

/** The wall as it stood, behind a hatched band: never to be taken for now. */
export const HistoryReplay = ({ query }: { readonly query: HistoryQuery }): JSX.Element => {
  const { replay: text, views } = useApp().wordsWith(historyWords).past
  return (
    <section class="replay" aria-label={views.replay}>
      {query.at !== null && <Band at={query.at} />}
      <Choose query={query} />
      {query.at === null ? <p class="empty">{text.choose}</p> : <Moment query={query} at={query.at} />}
    </section>
  )
}

const Band = ({ at }: { readonly at: number }): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(historyWords).past.replay
  return (
    <aside class="replay-band hatch" aria-label={text.lead} data-testid="replay-band">
      <strong class="plate">{text.band(app.formats.value.moment(at, serverNow(app)))}</strong>
    </aside>
  )
}

const Choose = ({ query }: { readonly query: HistoryQuery }): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(historyWords).past.replay
  const zone = app.me.value?.facilityTimeZone ?? 'UTC'
  const shown = zonedParts(zone, query.at ?? serverNow(app))
  const day = useSignal(shown.day)
  const time = useSignal(shown.time)
  const refused = useSignal(false)
  const go = (at: number): void => {
    refused.value = at > serverNow(app)
    if (refused.value) return
    const there = zonedParts(zone, at)
    day.value = there.day
    time.value = there.time
    location.hash = historyHref({ ...query, at })
  }
  const submit = (event: Event): void => {
    event.preventDefault()
    const at = zonedMs(zone, day.value, time.value)
    if (at !== null) go(at)
  }
  return (
    <form class="filters" onSubmit={submit} data-testid="replay-form">
      <label>
        <span>{text.day}</span>
        <input
          inputMode="numeric"
          pattern={dayPattern}
          size={10}
          value={day.value}
          onInput={(event) => (day.value = event.currentTarget.value)}
          required
        />
      </label>
      <label>
        <span>{text.time}</span>
        <input
          inputMode="numeric"
          pattern={timePattern}
          size={5}
          value={time.value}
          onInput={(event) => (time.value = event.currentTarget.value)}
          required
        />
      </label>
      <button class="btn primary">{text.show}</button>
      {query.at !== null && (
        <>
          <span class="segments" role="group" aria-label={text.steps}>
            {steps.map((minutes) => (
              <button type="button" key={minutes} onClick={() => go((query.at ?? 0) + minutes * minuteMs)}>
                {text.minutes(minutes)}
              </button>
            ))}
          </span>
          <a class="btn" href="#/">
            {text.backToNow}
          </a>
        </>
      )}
      {refused.value && <p role="alert">{text.future}</p>}
    </form>
  )
}

const Moment = ({ query, at }: { readonly query: HistoryQuery; readonly at: number }): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(historyWords).past
  const { asked, again } = useAsked<'replay'>({ what: 'replay', at })
  const { body, failure } = asked.value
  if (body === null)
    return failure === null ? (
      <p class="hint">{text.loading}</p>
    ) : (
      <AskedNotice failure={failure} again={again} shownOf={null} />
    )
  return (
    <>
      <p class="asked">
        <span>{text.replay.lead}</span>
        <span>{text.replay.pumps(body.pumps.length)}</span>
        <span>{text.replay.labels}</span>
      </p>
      <div class="replay-columns">
        <Alarms body={body} query={query} />
        <Silent body={body} />
      </div>
    </>
  )
}

const Alarms = ({ body, query }: { readonly body: Replay; readonly query: HistoryQuery }): JSX.Element => {
  const words = useApp().wordsWith(historyWords)
  const text = words.past.replay
  const alarms = body.alarms.toSorted(compareAlarms)
  return (
    <section class="card" aria-labelledby="replay-alarms">
      <h2 id="replay-alarms">{text.alarms}</h2>
      <ul class="replay-counts">
        {(['high', 'medium', 'low'] as const).map((priority) => {
          const { open, unowned, taken } = countOf(alarms, priority)
          return (
            <li key={priority}>
              <b>{open}</b> {words.priority[priority]}
              <span class="second">{words.wall.counts(unowned, taken)}</span>
            </li>
          )
        })}
      </ul>
      {alarms.length === 0 && <p>{text.none}</p>}
      <ol class="replay-rows">
        {alarms.map((alarm) => (
          <ReplayRow key={alarm.episodeId} alarm={alarm} at={body.at} query={query} />
        ))}
      </ol>
    </section>
  )
}

interface RowProps {
  readonly alarm: AlarmView
  readonly at: number
  readonly query: HistoryQuery
}

const ReplayRow = ({ alarm, at, query }: RowProps): JSX.Element => {
  const app = useApp()
  const words = app.wordsWith(historyWords)
  const text = words.past.replay
  const look = alarmLook(alarm, null)
  return (
    <li class={look.hatched ? 'hatch' : ''} data-testid="replay-row" data-episode={alarm.episodeId}>
      <QuietGlyph priority={alarm.priority} filled={look.filled} size={26} />
      <span class="plate">
        <a href={historyHref({ ...query, view: 'episodes', episode: alarm.episodeId })}>
          {words.alarm[alarm.code].name}
        </a>
        <span class="second">{whereOf(app, alarm)}</span>
      </span>
      <b class="plate replay-timer">{timer((alarm.endedAt ?? at) - alarm.startedAt)}</b>
      <span class="plate">
        {alarm.owner === null ? text.unowned : text.owner(alarm.owner.name)}
        <span class="second">{words.row.state[look.status]}</span>
      </span>
    </li>
  )
}

const Silent = ({ body }: { readonly body: Replay }): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(historyWords).past.replay
  const since = (ms: number): string => text.since(app.formats.value.moment(ms, body.at))
  const pumps = body.pumps.flatMap(({ pumpId, linkLostSince, hubLostSince }) => {
    const lost = linkLostSince ?? hubLostSince
    return lost === null ? [] : [{ pumpId, lost }]
  })
  return (
    <section class="card" aria-labelledby="replay-silent">
      <h2 id="replay-silent">{text.silentHubs}</h2>
      {body.silentHubs.length === 0 && <p>{text.heardAll}</p>}
      <ul class="plain-rows">
        {body.silentHubs.map((hub) => (
          <li key={hub.hubId}>
            <b>{app.live.hubs.value.get(hub.hubId)?.name ?? hub.hubId}</b> <span>{since(hub.since)}</span>
          </li>
        ))}
      </ul>
      <h2>{text.silentPumps}</h2>
      {pumps.length === 0 && <p>{text.heardAll}</p>}
      <ul class="plain-rows">
        {pumps.map(({ pumpId, lost }) => (
          <li key={pumpId}>
            <b>{app.live.pump(pumpId)?.label ?? pumpId}</b> <span>{since(lost)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
