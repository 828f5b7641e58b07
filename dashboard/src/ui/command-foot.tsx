import type { JSX } from 'preact'
import type { EpisodeId } from '#domain/ids.ts'
import { CommandNote } from './command-note.tsx'
import { useApp } from './state/app-state.ts'

interface CommandFootProps {
  readonly episodeId: EpisodeId
  readonly submit: string
  /** What the button says while the server has not answered. */
  readonly sending: string
  /** Something else has to be stored first. */
  readonly busy?: boolean
  readonly close: () => void
}

/** The end of a dialog that sends a command: what the server said, Cancel, and a button that needs the link. */
export const CommandFoot = ({ episodeId, submit, sending, busy = false, close }: CommandFootProps): JSX.Element => {
  const app = useApp()
  const { words } = app
  const frozen = app.live.frozen.value
  const waits = busy || app.commands.looks.value.get(episodeId)?.step === 'sending'
  return (
    <>
      <CommandNote episodeId={episodeId} />
      <div class="modal-foot">
        <button type="button" class="btn" onClick={close}>
          {words.cancel}
        </button>
        <button type="submit" class="btn primary" disabled={waits || frozen}>
          {waits ? sending : frozen ? words.notLive.noLink : submit}
        </button>
      </div>
    </>
  )
}
