import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import type { EpisodeId, UserId } from '#domain/ids.ts'
import { dialogWords } from '#dashboard/core/dialog-words.ts'
import type { ApiAnswer } from '#dashboard/core/worker-protocol.ts'
import { whereOf } from './alarm-place.ts'
import { CommandFoot } from './command-foot.tsx'
import { Modal } from './modal.tsx'
import { useApp } from './state/app-state.ts'

interface EscalateProps {
  readonly episodeId: EpisodeId
  readonly close: () => void
}

/** Somebody is paged now: whoever is next, or one person by name. */
export const Escalate = ({ episodeId, close }: EscalateProps): JSX.Element | null => {
  const app = useApp()
  const words = app.wordsWith(dialogWords)
  const text = words.escalate
  const answer = useSignal<ApiAnswer<'colleagues'> | null>(null)
  const to = useSignal<UserId | null>(null)
  useEffect(() => {
    void app.link.request<'colleagues'>({ what: 'colleagues' }).then((got) => (answer.value = got))
  }, [app, answer])
  const alarm = app.live.alarms.value.get(episodeId)
  if (alarm === undefined) return null
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault()
    if (await app.commands.send(alarm, { kind: 'escalate', to: to.value })) close()
  }
  const got = answer.value
  const others = got?.ok === true ? got.body.filter(({ userId }) => userId !== app.me.value?.userId) : []
  return (
    <Modal title={`${text.title}: ${words.alarm[alarm.code].name}, ${whereOf(app, alarm)}`} close={close}>
      <form onSubmit={(event) => void submit(event)} data-testid="escalate-form">
        <fieldset class="choices">
          <legend>{text.to}</legend>
          <label>
            <input type="radio" name="to" checked={to.value === null} onChange={() => (to.value = null)} />
            <span>{text.next}</span>
          </label>
          {got === null && <p>{text.loading}</p>}
          {got?.ok === false && <p role="alert">{words.failure[got.failure]}</p>}
          {others.map(({ userId, name }) => (
            <label key={userId}>
              <input type="radio" name="to" checked={to.value === userId} onChange={() => (to.value = userId)} />
              <span>{name}</span>
            </label>
          ))}
        </fieldset>
        <CommandFoot episodeId={episodeId} submit={text.submit} sending={text.sending} close={close} />
      </form>
    </Modal>
  )
}
