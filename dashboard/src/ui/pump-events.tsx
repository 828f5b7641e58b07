import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import type { AlarmView } from '#domain/live/views.ts'
import { useApp } from './state/app-state.ts'
import type { AppState } from './state/app-state.ts'
import type { PumpModel } from './state/pump-model.ts'

const limit = 20

/** Open and closed alarms of this pump, newest first, each with what became of it. */
export const PumpEvents = ({ pump }: { readonly pump: PumpModel }): JSX.Element => {
  const app = useApp()
  const { words, live } = app
  const closed = useSignal<readonly AlarmView[] | 'failed' | null>(null)
  const open = live.order.value.filter((alarm) => alarm.pumpId === pump.id)
  const openIds = open.map((alarm) => alarm.episodeId).join()
  // An episode that leaves the open ones is among the closed ones from then on.
  useEffect(() => {
    let current = true
    const ask = async (): Promise<void> => {
      const answer = await app.link.request<'closed-alarms'>({ what: 'closed-alarms', pumpId: pump.id, limit })
      if (current) closed.value = answer.ok ? answer.body : 'failed'
    }
    void ask()
    return () => {
      current = false
    }
  }, [app, pump.id, openIds, closed])
  const past = closed.value === null || closed.value === 'failed' ? [] : closed.value
  const known = new Set(open.map((alarm) => alarm.episodeId))
  const all = [...open, ...past.filter((alarm) => !known.has(alarm.episodeId))]
    .toSorted((a, b) => b.startedAt - a.startedAt)
    .slice(0, limit)
  return (
    <section class="card" aria-labelledby="events-title">
      <h3 id="events-title">{words.pump.events}</h3>
      {all.length === 0 && closed.value !== 'failed' && <p class="hint">{words.pump.noEvents}</p>}
      <ol class="events">
        {all.map((alarm) => (
          <li key={alarm.episodeId}>
            <time>{app.formats.value.moment(alarm.startedAt, live.now.value ?? alarm.startedAt)}</time>
            <div>
              <b>{words.alarm[alarm.code].name}</b>
              <span class="second">{storyOf(app, alarm)}</span>
            </div>
          </li>
        ))}
      </ol>
      {closed.value === 'failed' && <p class="notice">{words.pump.eventsFailed}</p>}
    </section>
  )
}

const storyOf = (app: AppState, alarm: AlarmView): string => {
  const { words } = app
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
