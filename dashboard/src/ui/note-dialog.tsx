import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import type { EpisodeId } from '#domain/ids.ts'
import { panelWords } from '#dashboard/core/panel-words.ts'
import { whereOf } from './alarm-place.ts'
import { Modal } from './modal.tsx'
import { useApp } from './state/app-state.ts'
import { TriageFields } from './triage-fields.tsx'
import { useTriageDraft } from './triage-record.ts'

interface NoteProps {
  readonly episodeId: EpisodeId
  readonly close: () => void
}

/** Writes down what was said and done while the alarm goes on. */
export const NoteDialog = ({ episodeId, close }: NoteProps): JSX.Element | null => {
  const app = useApp()
  const words = app.wordsWith(panelWords)
  const draft = useTriageDraft(episodeId)
  const saving = useSignal(false)
  const alarm = app.live.alarms.value.get(episodeId)
  if (alarm === undefined) return null
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault()
    saving.value = true
    const stored = await draft.store({})
    saving.value = false
    if (stored) close()
  }
  return (
    <Modal title={`${words.triage.title}: ${words.alarm[alarm.code].name}, ${whereOf(app, alarm)}`} close={close}>
      <form onSubmit={(event) => void submit(event)} data-testid="note-form">
        <TriageFields record={draft.record} />
        {draft.failed.value && <p role="alert">{words.triage.failed}</p>}
        <div class="modal-foot">
          <button type="button" class="btn" onClick={close}>
            {words.cancel}
          </button>
          <button type="submit" class="btn primary" disabled={saving.value || app.live.frozen.value}>
            {saving.value ? words.triage.saving : words.triage.save}
          </button>
        </div>
      </form>
    </Modal>
  )
}
