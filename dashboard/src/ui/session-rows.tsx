import './styles/sessions.css'
import type { JSX } from 'preact'
import type { SessionView } from '#domain/live/sessions.ts'
import { age } from '#dashboard/core/format.ts'
import { sessionsWords } from '#dashboard/core/sessions-words.ts'
import { useApp } from './state/app-state.ts'

interface RowsProps {
  readonly sessions: readonly SessionView[]
  readonly now: number
  readonly end: (session: SessionView) => void
}

/** The same for one's own and, for an administrator, for somebody else's. */
export const SessionRows = ({ sessions, now, end }: RowsProps): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(sessionsWords).sessions
  const { moment } = app.formats.value
  return (
    <ul class="session-rows">
      {sessions.map((session) => {
        const device = session.device === '' ? text.unknownDevice : session.device
        return (
          <li key={session.sessionId} data-testid="session" data-current={session.current}>
            <b>{device}</b>
            {session.current ? (
              <span class="session-here">{text.here}</span>
            ) : (
              <button
                type="button"
                class="btn"
                aria-label={text.endOf(device)}
                onClick={() => end(session)}
                data-testid="session-end"
              >
                {text.end}
              </button>
            )}
            <span class="session-facts">
              {session.origin !== '' && <span>{text.from(session.origin)}</span>}
              <span>{text.since(moment(session.startedAt, now))}</span>
              {!session.current && <span>{text.used(age(now - session.lastSeenAt))}</span>}
              <span>{text.ends(moment(session.endsAt, now))}</span>
            </span>
          </li>
        )
      })}
    </ul>
  )
}
