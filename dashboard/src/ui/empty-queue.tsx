import type { JSX } from 'preact'
import { nbsp } from '#dashboard/core/format.ts'
import { lazyPage } from './lazy-page.tsx'
import { useApp } from './state/app-state.ts'

const RateLine = lazyPage(async () => (await import('./rate-line.tsx')).RateLine, { quiet: true })

/** Nothing open, and why that can be believed: how many pumps report, when that was checked, how it has been. */
export const EmptyQueue = (): JSX.Element => {
  const app = useApp()
  const { words, live } = app
  const at = live.dataAsOf.value
  const { reporting } = live.fleet.value.facts
  return (
    <div class="empty" data-testid="empty-queue">
      <p class="empty-title">{words.wall.empty}</p>
      {at !== null && (
        <p class="hint">
          {words.wall.emptyFacts(
            words.wall.pumpsReporting(reporting, app.formats.value.count(reporting)).replace(' ', nbsp),
            app.formats.value.timeSeconds(at),
          )}
        </p>
      )}
      <RateLine />
    </div>
  )
}
