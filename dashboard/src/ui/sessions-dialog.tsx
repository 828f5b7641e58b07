import './styles/sessions.css'
import type { JSX } from 'preact'
import { useEffect, useMemo } from 'preact/hooks'
import { age } from '#dashboard/core/format.ts'
import { sessionsWords } from '#dashboard/core/sessions-words.ts'
import type { SessionView } from '#domain/live/sessions.ts'
import { Modal } from './modal.tsx'
import { useApp } from './state/app-state.ts'
import { SessionsModel } from './state/sessions-model.ts'

/** Where one is signed in: each place in words, and a button that ends it. */
export const SessionsDialog = ({ close }: { readonly close: () => void }): JSX.Element => {
  const app = useApp()
  const words = app.wordsWith(sessionsWords)
  const text = words.sessions
  const model = useMemo(() => new SessionsModel(app.link), [app])
  useEffect(() => void model.ask(), [model])
  const told = model.told.value
  const failure = model.failure.value
  return (
    <Modal title={text.title} close={close}>
      <div class="sessions" data-testid="sessions">
        {failure !== null && (
          <p class="notice" role="alert">
            {text.failed(words.failure[failure])}
          </p>
        )}
        {told === null && failure === null && <p class="empty">{text.loading}</p>}
        {told !== null && (
          <SessionRows
            sessions={told.sessions}
            now={told.serverTime}
            end={({ sessionId }) => void model.end(sessionId)}
          />
        )}
        {told !== null && told.sessions.length > 1 && (
          <>
            <p class="hint">{text.strange}</p>
            <button type="button" class="btn" onClick={() => void model.endOthers()} data-testid="sessions-end-others">
              {text.endOthers}
            </button>
          </>
        )}
        {told?.sessions.length === 1 && <p class="hint">{text.alone}</p>}
      </div>
    </Modal>
  )
}

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
