import type { ComponentChildren, JSX } from 'preact'
import { useId, useLayoutEffect, useRef } from 'preact/hooks'
import { useApp } from './state/app-state.ts'

interface ModalProps {
  readonly title: string
  readonly close: () => void
  readonly children: ComponentChildren
}

/** The browser's own dialog: it keeps the focus inside, and gives it back when it closes itself, before it leaves the page. */
export const Modal = ({ title, close, children }: ModalProps): JSX.Element => {
  const { words } = useApp()
  // One may open over another.
  const titleId = useId()
  const dialog = useRef<HTMLDialogElement>(null)
  useLayoutEffect(() => {
    const opened = dialog.current
    const before = document.activeElement
    opened?.showModal()
    return () => {
      opened?.close()
      // What had the focus may be gone, or inside of a menu that has closed; it never falls to the page's body.
      const menu = before?.closest('details')?.querySelector('summary')
      for (const place of [before, menu, document.getElementById('content')]) {
        if (place instanceof HTMLElement) place.focus()
        if (document.activeElement === place) break
      }
    }
  }, [])
  return (
    <dialog ref={dialog} class="modal" aria-labelledby={titleId} onClose={close}>
      <div class="modal-head">
        <h2 id={titleId}>{title}</h2>
        <button type="button" class="btn quiet" onClick={close}>
          {words.close}
        </button>
      </div>
      {children}
    </dialog>
  )
}
