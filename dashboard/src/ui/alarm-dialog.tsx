import type { JSX } from 'preact'
import { CantTake } from './cant-take-dialog.tsx'
import { CloseOut } from './close-out-dialog.tsx'
import { Escalate } from './escalate-dialog.tsx'
import { HandOver } from './hand-over-dialog.tsx'
import { NoteDialog } from './note-dialog.tsx'
import type { OpenDialog } from './open-dialog.ts'
import { Shelve } from './shelve-dialog.tsx'

interface AlarmDialogProps {
  readonly dialog: OpenDialog
  readonly close: () => void
}

export const AlarmDialog = ({ dialog, close }: AlarmDialogProps): JSX.Element | null => {
  switch (dialog?.name) {
    case undefined:
      return null
    case 'escalate':
      return <Escalate episodeId={dialog.alarm.episodeId} close={close} />
    case 'shelve':
      return <Shelve episodeId={dialog.alarm.episodeId} close={close} />
    case 'take-from':
      return <CantTake kind="take-from" episodeId={dialog.alarm.episodeId} close={close} />
    case 'note':
      return <NoteDialog episodeId={dialog.alarm.episodeId} close={close} />
    case 'close-out':
      return <CloseOut episodeId={dialog.alarm.episodeId} close={close} />
    case 'cant-take':
      return <CantTake kind="reject" episodeId={dialog.alarm.episodeId} close={close} />
    case 'cant-take-over':
      return <CantTake kind="decline-hand-over" episodeId={dialog.alarm.episodeId} close={close} />
    case 'hand-over':
      return <HandOver episodeId={dialog.alarm.episodeId} close={close} />
  }
}
