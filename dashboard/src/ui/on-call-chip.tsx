import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import type { OnCallNow } from '#domain/on-call/api.ts'
import { isLoud, onCallLook } from '#dashboard/core/on-call-look.ts'
import type { OnCallLook } from '#dashboard/core/on-call-look.ts'
import { lazyPage } from './lazy-page.tsx'
import { useApp } from './state/app-state.ts'
import type { AppState } from './state/app-state.ts'

const OnCallDetails = lazyPage<{ readonly told: OnCallNow; readonly now: number }>(
  async () => (await import('./on-call-details.tsx')).OnCallDetails,
)

/** Who is paged now. Loud when nobody is, or soon will not be. */
export const OnCallChip = (): JSX.Element | null => {
  const app = useApp()
  const { words } = app
  const open = useSignal(false)
  // Engineers repair hubs: nobody pages them for an alarm.
  if (!app.mayAct.value) return null
  const told = app.onCall.told.value
  const now = app.live.now.value
  const look = onCallLook(told, now)
  return (
    <details class="menu duty-menu" onToggle={(event) => (open.value = event.currentTarget.open)}>
      <summary class={`chip ${isLoud(look) ? 'worst' : 'calm'}`} data-testid="on-call" data-state={look.is}>
        <span class="chip-label">{words.onCall.label} </span>
        <b>{onCallText(app, look)}</b>
      </summary>
      <div class="menu-panel">
        {told === null ? (
          <p class="menu-head">{words.onCall.unknownWhy}</p>
        ) : (
          open.value && <OnCallDetails told={told} now={now ?? told.serverTime} />
        )}
      </div>
    </details>
  )
}

export const onCallText = (app: AppState, look: OnCallLook): string => {
  const { words } = app
  const at = (ms: number): string => app.formats.value.moment(ms, app.live.now.value ?? ms)
  switch (look.is) {
    case 'covered':
      return words.onCall.covered(look.primary, look.next)
    case 'gap-soon':
      return words.onCall.gapSoon(look.primary, at(look.from))
    case 'nobody':
      return words.onCall.nobody(look.until === null ? null : at(look.until))
    case 'no-rota':
      return words.onCall.noRota
    case 'unknown':
      return words.onCall.unknown
  }
}
