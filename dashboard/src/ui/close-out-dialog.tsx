import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import type { EpisodeId } from '#domain/ids.ts'
import type { Finding, ResolveClass } from '#domain/live/views.ts'
import { alarmLook } from '#dashboard/core/alarm-look.ts'
import { whereOf } from './alarm-place.ts'
import { CommandFoot } from './command-foot.tsx'
import { Modal } from './modal.tsx'
import { useApp } from './state/app-state.ts'

const classes: readonly ResolveClass[] = ['true-and-acted', 'true-not-relevant', 'false']
const findings: readonly Finding[] = [
  'kink-or-clamp',
  'air',
  'battery',
  'door-or-cassette',
  'site-problem',
  'user-action',
  'none',
]

interface CloseOutProps {
  readonly episodeId: EpisodeId
  readonly close: () => void
}

/** Class, finding and note: the honest statistics of false alarms start here. */
export const CloseOut = ({ episodeId, close }: CloseOutProps): JSX.Element | null => {
  const app = useApp()
  const { words } = app
  const text = words.closeOut
  const chosen = useSignal<ResolveClass | null>(null)
  const found = useSignal<Finding | null>(null)
  const note = useSignal('')
  const missing = useSignal(false)
  const alarm = app.live.alarms.value.get(episodeId)
  if (alarm === undefined) return null
  const submit = (event: Event): void => {
    event.preventDefault()
    if (chosen.value === null || found.value === null) {
      missing.value = true
      return
    }
    void app.commands
      .send(alarm, { kind: 'resolve', class: chosen.value, finding: found.value, note: note.value.trim() })
      .then((stored) => stored && close())
  }
  return (
    <Modal title={`${text.title}: ${words.alarm[alarm.code].name}, ${whereOf(app, alarm)}`} close={close}>
      <form onSubmit={submit} data-testid="close-out-form">
        {!alarmLook(alarm, null).dashed && <p class="notice">{text.stillActive}</p>}
        <fieldset class="choices">
          <legend>{text.class}</legend>
          {classes.map((value) => (
            <label key={value}>
              <input type="radio" name="class" value={value} onChange={() => (chosen.value = value)} />
              <span>{words.resolveClass[value]}</span>
            </label>
          ))}
        </fieldset>
        <fieldset class="choices">
          <legend>{text.finding}</legend>
          {findings.map((value) => (
            <label key={value}>
              <input type="radio" name="finding" value={value} onChange={() => (found.value = value)} />
              <span>{words.finding[value]}</span>
            </label>
          ))}
        </fieldset>
        <label class="field">
          <span>{text.note}</span>
          <textarea
            name="note"
            rows={3}
            maxLength={2000}
            value={note.value}
            onInput={(event) => (note.value = event.currentTarget.value)}
          />
        </label>
        {missing.value && <p role="alert">{text.choose}</p>}
        <CommandFoot episodeId={episodeId} submit={text.submit} sending={text.sending} close={close} />
      </form>
    </Modal>
  )
}
