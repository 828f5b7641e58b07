import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { Icon } from './icons.tsx'
import { lazyPage } from './lazy-page.tsx'
import { useApp } from './state/app-state.ts'

const UserPanel = lazyPage(async () => (await import('./user-panel.tsx')).UserPanel)

/** Who is signed in, and what this browser does for her: colours, keys, language. */
export const UserMenu = (): JSX.Element => {
  const { words, me } = useApp()
  const open = useSignal(false)
  return (
    <details class="menu user-menu" onToggle={(event) => (open.value = event.currentTarget.open)}>
      <summary class="chip" aria-label={words.user.menu(me.value?.name ?? '')} data-testid="user-menu">
        <Icon name="user" size={18} />
      </summary>
      <div class="menu-panel">{open.value && <UserPanel />}</div>
    </details>
  )
}
