import type { JSX } from 'preact'
import { helpWords } from '#dashboard/core/help-words.ts'
import { KeysSwitch } from './keys-switch.tsx'
import { Modal } from './modal.tsx'
import { useApp } from './state/app-state.ts'

/** Every key of every screen, and the switch that turns single keys off. */
export const HelpDialog = ({ close }: { readonly close: () => void }): JSX.Element => {
  const app = useApp()
  const { help, keyParts } = app.wordsWith(helpWords)
  return (
    <Modal title={help.title} close={close}>
      <KeysSwitch />
      {keyParts.map(({ title, keys }) => (
        <section key={title} class="key-part">
          <h3>{title}</h3>
          <dl class="keys">
            {keys.map(([press, what]) => (
              <div key={press}>
                <dt>
                  <kbd>{press}</kbd>
                </dt>
                <dd>{what}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Modal>
  )
}
