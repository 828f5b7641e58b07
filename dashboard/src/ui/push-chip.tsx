import type { JSX } from 'preact'
import { PushDialog } from './push-dialog.tsx'
import { useApp } from './state/app-state.ts'

/** Whether this person is paged when no page is open; a press opens the devices. */
export const PushChip = (): JSX.Element | null => {
  const { push, words, mayAct } = useApp()
  if (!mayAct.value || push.devices.value === null) return null
  const text = words.push
  const failing = push.failing.value
  const state = failing ? text.failing : push.working.value === 0 ? text.off : text.devices(push.working.value)
  return (
    <>
      <button
        type="button"
        class={`chip push-chip ${failing ? 'worst' : ''}`}
        aria-haspopup="dialog"
        data-testid="push-chip"
        data-state={failing ? 'failing' : push.working.value === 0 ? 'off' : 'on'}
        onClick={() => {
          push.dialogOpen.value = true
          void push.refresh()
        }}
      >
        <span>{text.label}</span>
        <b>{state}</b>
      </button>
      {push.dialogOpen.value && <PushDialog close={() => (push.dialogOpen.value = false)} />}
    </>
  )
}
