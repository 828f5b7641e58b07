import type { JSX } from 'preact'
import { readinessWords } from '#dashboard/core/readiness-words.ts'
import { useApp } from './state/app-state.ts'

/** How loud, through which output, and one burst of each priority to compare. */
export const SoundControls = (): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(readinessWords).readiness.sound
  const { volume, volumeFloor } = app
  const percent = Math.round(volume.value * 100)
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
          onInput={(event) => app.setVolume(event.currentTarget.valueAsNumber / 100)}
        />
        <output>{text.percent(percent)}</output>
      </label>
      <p class="answers">
        {(['high', 'medium', 'low'] as const).map((kind) => (
          <button key={kind} type="button" class="btn" data-testid={`test-${kind}`} onClick={() => app.testSound(kind)}>
            {text.test[kind]}
          </button>
        ))}
      </p>
    </div>
  )
}
