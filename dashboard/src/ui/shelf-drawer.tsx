import type { JSX } from 'preact'
import { timer } from '#dashboard/core/format.ts'
import { AlarmGlyph } from './alarm-glyph.tsx'
import { whereOf } from './alarm-place.ts'
import { CommandNote } from './command-note.tsx'
import { useApp } from './state/app-state.ts'

/** What leads put aside: never out of sight, always counted, each with the time until it comes back. */
export const ShelfDrawer = (): JSX.Element | null => {
  const app = useApp()
  const { words, live, queue } = app
  const shelved = queue.shelved.value
  if (shelved.length === 0) return null
  const now = live.now.value
  return (
    <details class="shelf opens" data-testid="shelf">
      <summary>{words.shelf.drawer(shelved.length)}</summary>
      <ul>
        {shelved.map((alarm) => (
          <li key={alarm.episodeId} class="is-low" data-shelved={alarm.episodeId}>
            <AlarmGlyph
              priority={alarm.priority}
              look={{ filled: false, dashed: false, flash: null, status: 'new' }}
              label={words.priority[alarm.priority]}
              size={22}
            />
            <span class="shelf-words">
              <b>{words.alarm[alarm.code].name}</b>, {whereOf(app, alarm)}
              {alarm.shelved !== null && (
                <span class="second">{words.shelf.by(alarm.shelved.by.name, alarm.shelved.reason)}</span>
              )}
              <CommandNote episodeId={alarm.episodeId} />
            </span>
            {alarm.shelved !== null && now !== null && (
              <span class="shelf-left">{words.shelf.left(timer(alarm.shelved.until - now))}</span>
            )}
            {app.mayAct.value && (
              <button
                class="btn"
                disabled={live.frozen.value}
                onClick={() => void app.commands.send(alarm, { kind: 'unshelve' })}
              >
                {words.shelf.back}
              </button>
            )}
          </li>
        ))}
      </ul>
    </details>
  )
}
