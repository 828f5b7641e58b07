import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import type { EpisodeId } from '#domain/ids.ts'
import { dialogWords } from '#dashboard/core/dialog-words.ts'
import { whereOf } from './alarm-place.ts'
import { CommandFoot } from './command-foot.tsx'
import { Modal } from './modal.tsx'
import { useApp } from './state/app-state.ts'

const choices = [15, 30, 60] as const

interface ShelveProps {
  readonly episodeId: EpisodeId
  readonly close: () => void
}

/** Puts a Low alarm aside for a while, with a reason. */
export const Shelve = ({ episodeId, close }: ShelveProps): JSX.Element | null => {
  const app = useApp()
  const words = app.wordsWith(dialogWords)
  const text = words.shelve
  const reason = useSignal('')
  const minutes = useSignal<number>(choices[0])
  const missing = useSignal(false)
  const alarm = app.live.alarms.value.get(episodeId)
  if (alarm === undefined) return null
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault()
    missing.value = reason.value.trim() === ''
    if (missing.value) return
    const command = { kind: 'shelve', reason: reason.value.trim(), minutes: minutes.value } as const
    if (await app.commands.send(alarm, command)) close()
  }
  return (
    <Modal title={`${text.title}: ${words.alarm[alarm.code].name}, ${whereOf(app, alarm)}`} close={close}>
      <form onSubmit={(event) => void submit(event)} data-testid="shelve-form">
        <fieldset class="choices">
          <legend>{text.minutes}</legend>
          {choices.map((count) => (
            <label key={count}>
              <input
                type="radio"
                name="minutes"
                checked={minutes.value === count}
                onChange={() => (minutes.value = count)}
              />
              <span>{text.min(count)}</span>
            </label>
          ))}
        </fieldset>
        <label class="field">
          <span>{text.reason}</span>
          <textarea
            name="reason"
            rows={2}
            maxLength={500}
            value={reason.value}
            onInput={(event) => (reason.value = event.currentTarget.value)}
          />
        </label>
        {missing.value && <p role="alert">{text.needed}</p>}
        <CommandFoot episodeId={episodeId} submit={text.submit} sending={text.sending} close={close} />
      </form>
    </Modal>
  )
}
