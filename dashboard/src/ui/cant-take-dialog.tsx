import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import type { EpisodeId } from '#domain/ids.ts'
import { dialogWords } from '#dashboard/core/dialog-words.ts'
import { whereOf } from './alarm-place.ts'
import { CommandFoot } from './command-foot.tsx'
import { Modal } from './modal.tsx'
import { useApp } from './state/app-state.ts'

interface CantTakeProps {
  readonly episodeId: EpisodeId
  /** Of an alarm that nobody owns, of one that was offered, or of one whose owner is gone. */
  readonly kind: 'reject' | 'decline-hand-over' | 'take-from'
  readonly close: () => void
}

export const CantTake = ({ episodeId, kind, close }: CantTakeProps): JSX.Element | null => {
  const app = useApp()
  const words = app.wordsWith(dialogWords)
  const text = { reject: words.cantTake, 'decline-hand-over': words.cantTakeOver, 'take-from': words.takeFrom }[kind]
  const reason = useSignal('')
  const missing = useSignal(false)
  const alarm = app.live.alarms.value.get(episodeId)
  if (alarm === undefined) return null
  const submit = (event: Event): void => {
    event.preventDefault()
    missing.value = reason.value.trim() === ''
    if (missing.value) return
    void app.commands.send(alarm, { kind, reason: reason.value.trim() }).then((stored) => stored && close())
  }
  return (
    <Modal title={`${text.title}: ${words.alarm[alarm.code].name}, ${whereOf(app, alarm)}`} close={close}>
      <form onSubmit={submit} data-testid="cant-take-form">
        <label class="field">
          <span>{text.reason}</span>
          <textarea
            name="reason"
            rows={3}
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
