import type { JSX } from 'preact'
import { timer } from '#dashboard/core/format.ts'
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
      <button class="btn" data-testid="pause-sound" onClick={() => app.pauseSound()}>
        {sound.pause}
      </button>
    ) : null
  return (
    <span class="chip worst" data-testid="sound-paused">
      <b>{sound.paused(timer(pause.until - performance.now()))}</b>
      <button class="btn" onClick={() => app.pauseSound()}>
        {sound.resume}
      </button>
    </span>
  )
}
