import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import type { EpisodeId } from '#domain/ids.ts'
import type { Finding, ResolveClass } from '#domain/live/views.ts'
import { dialogWords } from '#dashboard/core/dialog-words.ts'
import { outcomeWords } from '#dashboard/core/outcome-words.ts'
import { panelWords } from '#dashboard/core/panel-words.ts'
import { alarmLook } from '#dashboard/core/alarm-look.ts'
import { whereOf } from './alarm-place.ts'
import { CommandFoot } from './command-foot.tsx'
import { Modal } from './modal.tsx'
import { useApp } from './state/app-state.ts'
import { TriageFields } from './triage-fields.tsx'
import { useTriageDraft } from './triage-record.ts'

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

/** Class, finding and what was said and done: the honest statistics of false alarms start here. */
export const CloseOut = ({ episodeId, close }: CloseOutProps): JSX.Element | null => {
  const app = useApp()
  const words = app.wordsWith(dialogWords, outcomeWords, panelWords)
  const text = words.closeOut
  const chosen = useSignal<ResolveClass | null>(null)
  const found = useSignal<Finding | null>(null)
  const draft = useTriageDraft(episodeId)
  const storing = useSignal(false)
  const missing = useSignal(false)
  const alarm = app.live.alarms.value.get(episodeId)
  if (alarm === undefined) return null
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault()
    const what = { class: chosen.value, finding: found.value }
    missing.value = what.class === null || what.finding === null
    if (what.class === null || what.finding === null) return
    storing.value = true
    const stored = await draft.store(what)
    storing.value = false
    // Written down first: an alarm that is closed has nobody left to write about it.
    const current = app.live.alarms.peek().get(episodeId)
    if (!stored || current === undefined) return
    const { action, outcome } = draft.record.peek()
    const note = [action, outcome].map((part) => part.trim()).filter((part) => part !== '')
    const closed = await app.commands.send(current, {
      kind: 'resolve',
      class: what.class,
      finding: what.finding,
      note: note.join('\n'),
    })
    if (closed) close()
  }
  return (
    <Modal title={`${text.title}: ${words.alarm[alarm.code].name}, ${whereOf(app, alarm)}`} close={close}>
      <form onSubmit={(event) => void submit(event)} data-testid="close-out-form">
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
        <TriageFields record={draft.record} />
        {draft.failed.value && <p role="alert">{words.triage.failed}</p>}
        {missing.value && <p role="alert">{text.choose}</p>}
        <CommandFoot
          episodeId={episodeId}
          submit={text.submit}
          sending={text.sending}
          busy={storing.value}
          close={close}
        />
      </form>
    </Modal>
  )
}
