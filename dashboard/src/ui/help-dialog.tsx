import type { JSX } from 'preact'
import { Modal } from './modal.tsx'
import { useApp } from './state/app-state.ts'

/** Every key of every screen, and the switch that turns single keys off. */
export const HelpDialog = ({ close }: { readonly close: () => void }): JSX.Element => {
  const app = useApp()
  const { help } = app.words
  return (
    <Modal title={help.title} close={close}>
      <KeysSwitch />
      {help.parts.map(({ title, keys }) => (
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

/** Who speaks to the computer may say a letter that is a key (WCAG 2.1.4). */
export const KeysSwitch = (): JSX.Element => {
  const app = useApp()
  return (
    <label class="switch">
      <input
        type="checkbox"
        role="switch"
        data-testid="keys-switch"
        checked={app.keysOn.value}
        onChange={(event) => app.useKeys(event.currentTarget.checked)}
      />
      <span>{app.words.help.on}</span>
    </label>
  )
}
