import type { JSX } from 'preact'
import { age } from '#dashboard/core/format.ts'
import { GapBar } from './gap-bar.tsx'
import { useApp } from './state/app-state.ts'

const sessionWarningMs = 5 * 60_000

/** Permanent bars: simulated data, sound not armed; and what came back. */
export const Banners = (): JSX.Element => {
  const app = useApp()
  const { words, live } = app
  const returned = live.returned.value
  const me = app.me.value
  const now = live.now.value
  const left = me === null || now === null ? null : me.sessionEndsAt - now
  return (
    <>
      {app.simulated.value && (
        <aside class="simulated-band hatch" aria-label={words.simulatedBadge} data-testid="simulated-band">
          <span>{words.simulatedBand}</span>
        </aside>
      )}
      {!app.sound.value.armed && (
        <aside class="ink-bar" aria-label={words.sound.label} data-testid="sound-bar">
          <strong>{words.sound.bar}</strong>
          <button class="btn" onClick={() => app.audio.arm()}>
            {words.sound.turnOn}
          </button>
        </aside>
      )}
      {left !== null && left > 0 && left < sessionWarningMs && (
        <aside class="ink-bar" aria-label={words.sessionOver.again}>
          <strong>{words.sessionOver.soon(age(left))}</strong>
        </aside>
      )}
      <GapBar />
      <Paged />
      {returned !== null && !live.frozen.value && (
        <div class="back-bar" role="status">
          <span>
            {returned.asleepMs > 0
              ? words.asleep(age(returned.asleepMs), returned.changed.size)
              : returned.changed.size > 0
                ? words.back(returned.changed.size)
                : words.backUnchanged}
          </span>
          <button class="btn quiet" onClick={() => (live.returned.value = null)}>
            {words.close}
          </button>
        </div>
      )}
    </>
  )
}

/** What this person was paged with while looking here; the alarm itself stands on the wall. */
const Paged = (): JSX.Element | null => {
  const app = useApp()
  const page = app.paged.value
  if (page === null) return null
  const { title, body } = app.words.page(page)
  return (
    <div class="back-bar" role="status" data-testid="paged" data-notification={page.notificationId}>
      <span>{app.words.push.paged(app.formats.value.time(page.at), title, body)}</span>
      <button class="btn quiet" onClick={() => (app.paged.value = null)}>
        {app.words.close}
      </button>
    </div>
  )
}
