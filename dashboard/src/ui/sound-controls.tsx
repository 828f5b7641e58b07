import type { JSX } from 'preact'
import { readinessWords } from '#dashboard/core/readiness-words.ts'
import { SoundOutput } from './sound-output.tsx'
import { useApp } from './state/app-state.ts'

/** How loud, through which output, and one burst of each priority to compare. */
export const SoundControls = (): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(readinessWords).readiness.sound
  const { station, volumeFloor } = app
  const percent = Math.round(Math.max(station.volume.value, volumeFloor.value) * 100)
  return (
    <div class="sound-controls">
      <label class="volume">
        <span>{text.volume}</span>
        <input
          type="range"
          min={Math.round(volumeFloor.value * 100)}
          max={100}
          step={5}
          value={percent}
          aria-valuetext={text.percent(percent)}
          data-testid="volume"
          onInput={(event) => station.setVolume(event.currentTarget.valueAsNumber / 100)}
        />
        <output>{text.percent(percent)}</output>
      </label>
      <SoundOutput />
      <p class="answers">
        {(['high', 'medium', 'low'] as const).map((kind) => (
          <button key={kind} type="button" class="btn" data-testid={`test-${kind}`} onClick={() => station.test(kind)}>
            {text.test[kind]}
          </button>
        ))}
      </p>
    </div>
  )
}
