import type { JSX } from 'preact'
import { useEffect, useMemo } from 'preact/hooks'
import { sessionsWords } from '#dashboard/core/sessions-words.ts'
import { Modal } from './modal.tsx'
import { SessionRows } from './session-rows.tsx'
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
