import type { JSX } from 'preact'
import { useApp } from './state/app-state.ts'

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
