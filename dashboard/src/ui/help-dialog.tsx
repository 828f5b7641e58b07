import type { JSX } from 'preact'
import { helpWords } from '#dashboard/core/help-words.ts'
import { placesOf } from '#dashboard/core/places.ts'
import { KeysSwitch } from './keys-switch.tsx'
import { Modal } from './modal.tsx'
import { useApp } from './state/app-state.ts'

interface KeyPart {
  readonly title: string
  readonly keys: readonly (readonly [press: string, what: string])[]
}

/** Every key that does something for whoever is signed in, and the switch that turns single keys off. */
export const HelpDialog = ({ close }: { readonly close: () => void }): JSX.Element => {
  const app = useApp()
  const { help, screens, everywhere, goKey, shellKeys, queueKeys, answerKeys } = app.wordsWith(helpWords)
  const places = placesOf(app.me.value?.role ?? null).map(({ key, name }) => [goKey(key), screens[name]] as const)
  const parts: readonly KeyPart[] = [
    { title: everywhere, keys: [...places, ...shellKeys] },
    queueKeys,
    ...(app.mayAct.value ? [answerKeys] : []),
  ]
  return (
    <Modal title={help.title} close={close}>
      <KeysSwitch />
      {parts.map(({ title, keys }) => (
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
