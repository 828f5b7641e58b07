import type { JSX } from 'preact'
import { AlarmGlyph } from './alarm-glyph.tsx'
import { whereOf } from './alarm-place.ts'
import { alarmLook } from '#dashboard/core/alarm-look.ts'
import { useApp } from './state/app-state.ts'

/** After NOT LIVE or sleep: what this screen missed. It stays until somebody closes it. */
export const ReturnBar = (): JSX.Element | null => {
  const app = useApp()
  const { live, words } = app
  const returned = live.returned.value
  if (returned === null || live.frozen.value) return null
  const { asleep, from, to, alarms } = returned
  const time = (ms: number): string => app.formats.value.moment(ms, to)
  return (
    <div class="back-bar" data-testid="back">
      <div>
        <span role="status">
          {asleep && from !== null
            ? words.away.asleep(time(from), time(to), alarms.length)
            : words.away.back(alarms.length)}
        </span>
        {alarms.length > 0 && (
          <details class="missed opens">
            <summary>{words.away.list}</summary>
            <ul data-testid="missed">
              {alarms.map((alarm) => (
                <li key={alarm.episodeId} class={`is-${alarm.priority}`}>
                  <AlarmGlyph
                    priority={alarm.priority}
                    look={{ ...alarmLook(alarm, null), flash: null }}
                    label={words.priority[alarm.priority]}
                    size={20}
                  />
                  {words.away.line(words.alarm[alarm.code].name, whereOf(app, alarm), time(alarm.startedAt))}
                  <b>{live.alarms.value.has(alarm.episodeId) ? words.away.now.open : words.away.now.closed}</b>
                </li>
              ))}
            </ul>
          </details>
        )}
      </div>
      <button type="button" class="btn quiet" onClick={() => (live.returned.value = null)}>
        {words.close}
      </button>
    </div>
  )
}
