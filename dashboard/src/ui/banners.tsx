import type { JSX } from 'preact'
import { GapBar } from './gap-bar.tsx'
import { ReturnBar } from './return-bar.tsx'
import { SessionBar } from './sign-in-again.tsx'
import { useApp } from './state/app-state.ts'

/** Bars across the page, the worst first: simulated data, sound not armed, session ending, nobody on call; and what came back. */
export const Banners = (): JSX.Element => {
  const app = useApp()
  const { words } = app
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
          <button type="button" class="btn" onClick={() => app.audio.arm()}>
            {words.sound.turnOn}
          </button>
        </aside>
      )}
      <SessionBar />
      <GapBar />
      <UpdateBar />
      <Paged />
      <ReturnBar />
    </>
  )
}

/** A new build, or a part of this one that did not come: it waits, and says for what. */
const UpdateBar = (): JSX.Element | null => {
  const { update, words } = useApp()
  if (update.look.value !== 'offered') return null
  return (
    <aside class="back-bar" aria-label={words.update.title} data-testid="update-bar">
      <span>{update.partMissing.value ? words.update.partMissing : words.update.waits}</span>
      <button type="button" class="btn" onClick={() => void update.press()}>
        {words.update.load}
      </button>
    </aside>
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
      <span>{app.words.pages.paged(app.formats.value.time(page.at), title, body)}</span>
      <button type="button" class="btn quiet" onClick={() => (app.paged.value = null)}>
        {app.words.close}
      </button>
    </div>
  )
}
