import type { JSX } from 'preact'
import { lazyPage } from './lazy-page.tsx'
import { useApp } from './state/app-state.ts'

const FloodHelp = lazyPage(async () => (await import('./flood-help.tsx')).FloodHelp, { quiet: true })

/** More alarms than one person can answer: what is folded, and whom to ask for help. */
export const FloodBanner = (): JSX.Element | null => {
  const app = useApp()
  const { words, live, queue } = app
  if (!queue.flood.value) return null
  return (
    <aside class="flood" aria-label={words.flood.title(live.lastTenMinutes.value)} data-testid="flood">
      <p>
        <strong>{words.flood.title(live.lastTenMinutes.value)}</strong> {words.flood.body}
      </p>
      {app.mayAct.value && <FloodHelp />}
    </aside>
  )
}
