import type { JSX } from 'preact'
import type { PumpEventView } from '#domain/live/pump-about.ts'
import type { AlarmView } from '#domain/live/views.ts'
import { outcomeWords } from '#dashboard/core/outcome-words.ts'
import { pumpWords } from '#dashboard/core/pump-words.ts'
import { eventText } from './pump-event-text.ts'
import { useApp } from './state/app-state.ts'
import type { AppState } from './state/app-state.ts'
import type { PumpModel } from './state/pump-model.ts'
import type { PumpPageModel } from './state/pump-page-model.ts'

const limit = 20

type Entry =
  | { readonly kind: 'alarm'; readonly at: number; readonly alarm: AlarmView }
  | { readonly kind: 'event'; readonly at: number; readonly event: PumpEventView }

interface EventsProps {
  readonly pump: PumpModel
  readonly page: PumpPageModel
}

/** Alarms of this pump with what became of them, and what it did besides, newest first. */
export const PumpEvents = ({ pump, page }: EventsProps): JSX.Element => {
  const app = useApp()
  const { live } = app
  const words = app.wordsWith(pumpWords)
  const open = live.order.value.filter((alarm) => alarm.pumpId === pump.id)
  const known = new Set(open.map((alarm) => alarm.episodeId))
  const past = (page.closed.value ?? []).filter((alarm) => !known.has(alarm.episodeId))
  const entries: readonly Entry[] = [
    ...[...open, ...past].map((alarm) => ({ kind: 'alarm', at: alarm.startedAt, alarm }) as const),
    ...(page.about.value?.events ?? []).map((event) => ({ kind: 'event', at: event.at, event }) as const),
  ]
  const shown = entries.toSorted((a, b) => b.at - a.at).slice(0, limit)
  const failed = page.failed.value.has('closed') || page.failed.value.has('about')
  return (
    <section class="card" aria-labelledby="events-title">
      <h3 id="events-title">{words.pump.events}</h3>
      {shown.length === 0 && !failed && <p class="hint">{words.pump.noEvents}</p>}
      <ol class="events" data-testid="pump-events">
        {shown.map((entry) => (
          <li key={entry.kind === 'alarm' ? entry.alarm.episodeId : `${entry.event.event} ${entry.at}`}>
            <time>{app.formats.value.moment(entry.at, live.now.value ?? entry.at)}</time>
            {entry.kind === 'alarm' ? (
              <div>
                <b>{words.alarm[entry.alarm.code].name}</b>
                <span class="second">{storyOf(app, entry.alarm)}</span>
              </div>
            ) : (
              <div>{eventText(app, entry.event)}</div>
            )}
          </li>
        ))}
      </ol>
      {failed && <p class="notice">{words.pump.eventsFailed}</p>}
    </section>
  )
}

const storyOf = (app: AppState, alarm: AlarmView): string => {
  const words = app.wordsWith(outcomeWords, pumpWords)
  const now = app.live.now.value ?? alarm.observedAt
  const at = (ms: number): string => app.formats.value.moment(ms, now)
  const parts = [
    words.priority[alarm.priority],
    alarm.endedAt === null ? words.pump.eventOpen : words.pump.eventEnded(at(alarm.endedAt)),
    alarm.late ? words.badge.late(at(alarm.startedAt), at(alarm.observedAt)) : null,
    alarm.owner === null || alarm.acceptedAt === null
      ? null
      : words.pump.eventTaken(alarm.owner.name, at(alarm.acceptedAt)),
    alarm.resolved === null
      ? null
      : words.pump.eventOutcome(
          alarm.resolved.by.name,
          `${words.resolveClass[alarm.resolved.class]}, ${words.finding[alarm.resolved.finding].toLowerCase()}${alarm.resolved.note === '' ? '' : `. ${alarm.resolved.note}`}`,
        ),
  ]
  return parts.filter((part) => part !== null).join(', ')
}
