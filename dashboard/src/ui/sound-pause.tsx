import type { JSX } from 'preact'
import { timer } from '#dashboard/core/format.ts'
import { Icon } from './icons.tsx'
import { useApp } from './state/app-state.ts'

/** Shown while something sounds here, and while it is paused: until when, and the way back. */
export const SoundPause = (): JSX.Element | null => {
  const app = useApp()
  const { sound } = app.words
  const pause = app.pause.value
  // Read for its change once a second.
  void app.live.clock.value
  if (pause === null)
    return app.sound.value.sounding === 'high' || app.sound.value.sounding === 'medium' ? (
      <button class="btn sound-pause" data-testid="pause-sound" onClick={() => app.station.pauseSound()}>
        <span class="for-narrow">
          <Icon name="pause-sound" />
        </span>
        <span class="for-wide">{sound.pause}</span>
      </button>
    ) : null
  const left = timer(pause.until - performance.now())
  return (
    <span class="chip worst sound-paused" data-testid="sound-paused">
      <b class="for-wide">{sound.paused(left)}</b>
      <b class="for-narrow" aria-hidden="true">
        {left}
      </b>
      <button class="btn" onClick={() => app.station.pauseSound()}>
        <span class="for-narrow">
          <Icon name="sound" />
        </span>
        <span class="for-wide">{sound.resume}</span>
      </button>
    </span>
  )
}
