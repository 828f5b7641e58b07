import type { JSX } from 'preact'
import { CantTake } from './cant-take-dialog.tsx'
import { CloseOut } from './close-out-dialog.tsx'
import { HandOver } from './hand-over-dialog.tsx'
import type { OpenDialog } from './open-dialog.ts'

interface AlarmDialogProps {
  readonly dialog: OpenDialog
  readonly close: () => void
}

export const AlarmDialog = ({ dialog, close }: AlarmDialogProps): JSX.Element | null => {
  switch (dialog?.name) {
    case undefined:
      return null
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
