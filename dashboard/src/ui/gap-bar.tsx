import type { JSX } from 'preact'
import { gapsAhead } from '#dashboard/core/reach-look.ts'
import { useApp } from './state/app-state.ts'

/** Nobody on call now or within 24 h: a bar on every screen, until the rota is filled. */
export const GapBar = (): JSX.Element | null => {
  const app = useApp()
  const text = app.words.gap
  const now = app.live.now.value
  const [gap] = gapsAhead(app.onCall.told.value, now)
  if (gap === undefined || now === null) return null
  const at = (ms: number): string => app.formats.value.moment(ms, now)
  return (
    <aside class="ink-bar" aria-label={text.label} data-testid="gap-bar">
      <strong>{gap.now ? text.now(gap.team, at(gap.to)) : text.soon(gap.team, at(gap.from), at(gap.to))}</strong>
      <span>{text.act}</span>
    </aside>
  )
}
