import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { age } from '#dashboard/core/format.ts'
import { linkLimits } from '#dashboard/core/freshness.ts'
import { useApp } from './state/app-state.ts'

/** Takes the window: what is below is old, and the band says how old. */
export const NotLiveBand = (): JSX.Element | null => {
  const app = useApp()
  const { live, words } = app
  const screensOpen = live.screensOpen.value
  const keepsNothing = live.keepsNothing.value
  if (!live.frozen.value && screensOpen === null) return null
  const heard = live.dataAsOf.value
  const ageMs = live.heardAgeMs.value
  return (
    <div class="not-live-band" data-testid="not-live" role="region" aria-label={words.live['not-live']}>
      <strong>{words.notLive.title}</strong>
      <p>
        {heard === null || ageMs === null
          ? words.notLive.noData
          : words.notLive.lastData(app.formats.value.timeSeconds(heard), age(ageMs))}{' '}
        {screensOpen === null ? words.notLive.reconnecting(live.attempt.value) : words.notLive.screensOpen(screensOpen)}
      </p>
      <p class="not-live-then">
        {keepsNothing && <>{words.notLive.keepsNothing} </>}
        {keepsNothing || (ageMs !== null && ageMs > linkLimits.phoneNumbersMs) ? (
          <WhomToCall />
        ) : (
          words.notLive.escalates
        )}
      </p>
    </div>
  )
}

/** Configured numbers of the people who can look elsewhere. */
const WhomToCall = (): JSX.Element => {
  const { me, words } = useApp()
  const { backup, lead } = me.value?.phones ?? { backup: null, lead: null }
  return (
    <b data-testid="phones">
      {backup === null && lead === null ? words.notLive.phone : words.notLive.phones(backup, lead)}
    </b>
  )
}

/** Opened or loaded anew while the server is away: nothing was ever shown here, and nothing may look as if it were watched. */
export const CutOff = (): JSX.Element => {
  const { urgentPhone, words } = useApp()
  return (
    <main class="not-monitoring" data-testid="cut-off">
      <div role="alert">
        <h1>{words.notLive.title}</h1>
        <p>{words.signIn.unreachable(urgentPhone.value)}</p>
      </div>
      <p>{words.notLive.reconnecting(0)}</p>
      <p class="statement">{words.notMedicalDevice}</p>
    </main>
  )
}

/** The session is over: nothing of the old picture may be left to trust. */
export const NotMonitoring = (): JSX.Element => {
  const app = useApp()
  const { sessionOver } = app.words
  useEffect(() => {
    document.title = sessionOver.title
  }, [sessionOver.title])
  return (
    <main class="not-monitoring" data-testid="not-monitoring">
      <div role="alert">
        <h1>{sessionOver.title}</h1>
        <p>{sessionOver.body}</p>
      </div>
      <button
        type="button"
        class="btn"
        onClick={() => {
          app.audio.stop()
          app.session.value = { step: 'signed-out', failure: null }
        }}
      >
        {sessionOver.again}
      </button>
      <button type="button" class="btn quiet" onClick={() => app.leave()}>
        {sessionOver.leave}
      </button>
      <p class="statement">{app.words.notMedicalDevice}</p>
    </main>
  )
}
