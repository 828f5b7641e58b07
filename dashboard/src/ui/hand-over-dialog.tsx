import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import type { EpisodeId } from '#domain/ids.ts'
import type { Person } from '#domain/live/views.ts'
import { dialogWords } from '#dashboard/core/dialog-words.ts'
import type { ApiAnswer } from '#dashboard/core/worker-protocol.ts'
import { whereOf } from './alarm-place.ts'
import { CommandFoot } from './command-foot.tsx'
import { Modal } from './modal.tsx'
import { useApp } from './state/app-state.ts'

interface HandOverProps {
  readonly episodeId: EpisodeId
  readonly close: () => void
}

/** To whom an alarm is offered. */
export const HandOver = ({ episodeId, close }: HandOverProps): JSX.Element | null => {
  const app = useApp()
  const words = app.wordsWith(dialogWords)
  const text = words.handOver
  const answer = useSignal<ApiAnswer<'colleagues'> | null>(null)
  const chosen = useSignal<Person | null>(null)
  const missing = useSignal(false)
  useEffect(() => {
    void app.link.request<'colleagues'>({ what: 'colleagues' }).then((got) => (answer.value = got))
  }, [])
  const alarm = app.live.alarms.value.get(episodeId)
  if (alarm === undefined) return null
  const submit = (event: Event): void => {
    event.preventDefault()
    const to = chosen.value
    missing.value = to === null
    if (to === null) return
    void app.commands.send(alarm, { kind: 'hand-over', to: to.userId }).then((stored) => stored && close())
  }
  const got = answer.value
  const others = got?.ok === true ? got.body.filter(({ userId }) => userId !== app.me.value?.userId) : []
  return (
    <Modal title={`${text.title}: ${words.alarm[alarm.code].name}, ${whereOf(app, alarm)}`} close={close}>
      <form onSubmit={submit} data-testid="hand-over-form">
        <fieldset class="choices">
          <legend>{text.to}</legend>
          {got === null && <p>{text.loading}</p>}
          {got?.ok === false && <p role="alert">{words.failure[got.failure]}</p>}
          {got?.ok === true && others.length === 0 && <p>{text.nobody}</p>}
          {others.map((person) => (
            <label key={person.userId}>
              <input
                type="radio"
                name="to"
                checked={chosen.value?.userId === person.userId}
                onChange={() => (chosen.value = person)}
              />
              <span>{person.name}</span>
            </label>
          ))}
        </fieldset>
        {missing.value && <p role="alert">{text.choose}</p>}
        <CommandFoot episodeId={episodeId} submit={text.submit} sending={text.sending} close={close} />
      </form>
    </Modal>
  )
}
