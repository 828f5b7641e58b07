import { useEffect } from 'preact/hooks'
import { routeTo } from '#dashboard/core/route.ts'
import { shellKey } from '#dashboard/core/shell-keys.ts'
import { pages } from './pages.tsx'
import { useApp } from './state/app-state.ts'

const typing = 'input, textarea, select, [contenteditable]'

/** Keys of every screen: `g` and a letter, `?`. They come before a screen's own, and never while somebody types or a dialog is open. */
export const useShellKeys = (): void => {
  const app = useApp()
  useEffect(() => {
    let afterG = false
    const press = (event: KeyboardEvent): void => {
      const { target } = event
      if (!app.keysOn.peek() || event.ctrlKey || event.metaKey || event.altKey) return
      if (target instanceof Element && target.closest(`${typing}, dialog`) !== null) return
      const key = shellKey(event.key, afterG, app.me.peek()?.role ?? null)
      afterG = key?.do === 'chord'
      if (key === null || (key.do === 'go' && pages[key.to] === undefined)) return
      event.preventDefault()
      event.stopPropagation()
      if (key.do === 'go') location.hash = routeTo({ name: key.to })
      if (key.do === 'help') app.helpOpen.value = true
    }
    document.addEventListener('keydown', press, { capture: true })
    return () => document.removeEventListener('keydown', press, { capture: true })
  }, [app])
}
