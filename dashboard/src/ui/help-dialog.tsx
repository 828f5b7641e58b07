import type { JSX } from 'preact'
import { Modal } from './modal.tsx'
import { useApp } from './state/app-state.ts'

export const HelpDialog = ({ close }: { readonly close: () => void }): JSX.Element => {
  const { help } = useApp().words
  return (
    <Modal title={help.title} close={close}>
      <p class="hint">{help.note}</p>
      <dl class="keys">
        {help.keys.map(([keys, what]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  )
}
