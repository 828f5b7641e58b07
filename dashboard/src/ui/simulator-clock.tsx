import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import type { SimulatorList } from '#domain/simulators/control.ts'
import { simulatorWords } from '#dashboard/core/simulator-words.ts'
import { virtualTime } from '#dashboard/core/simulator-log.ts'
import { useApp } from './state/app-state.ts'
import type { SimulatorModel } from './state/simulator-model.ts'

const speeds = [0.1, 1, 10, 60, 600] as const
const stepsMs = [50, 1_000, 10_000, 60_000] as const

interface ClockProps {
  readonly model: SimulatorModel
  readonly list: SimulatorList
}

/** Virtual time of all pumps: plays, stands, steps. */
export const SimulatorClockBar = ({ model, list }: ClockProps): JSX.Element => {
  const text = useApp().wordsWith(simulatorWords).sim
  const stepMs = useSignal<number>(1_000)
  const play = (): void =>
    void model.pace(list.paused ? { to: 'start' } : { to: 'pause' }, list.paused ? text.play : text.pause)
  const step = (): void =>
    void model.pace({ to: 'step', ms: stepMs.peek() }, `${text.step} ${text.stepMs(stepMs.peek())}`)
  useClockKeys(play, step)
  const latest = Math.max(0, ...list.pumps.map(({ virtualMs }) => virtualMs))
  return (
    <section class="card sim-clock" aria-label={text.clock}>
      <p class="sim-now">
        <b data-testid="virtual-time">{virtualTime(latest)}</b>
        <span class="second" data-testid="sim-pace">
          {list.paused ? text.standing : text.running(list.speed)}, {text.fleet(list.pumps.length)}
        </span>
      </p>
      <button class="btn primary" data-testid="sim-play" onClick={play}>
        {list.paused ? text.play : text.pause}
      </button>
      <button class="btn" data-testid="sim-step" onClick={step}>
        {text.step}
      </button>
      <label class="sim-steps">
        <span class="sr">{text.stepBy}</span>
        <select value={String(stepMs.value)} onChange={(event) => (stepMs.value = Number(event.currentTarget.value))}>
          {stepsMs.map((ms) => (
            <option key={ms} value={String(ms)}>
              {text.stepMs(ms)}
            </option>
          ))}
        </select>
      </label>
      <span class="segments" role="group" aria-label={text.speed}>
        {speeds.map((speed) => (
          <button
            key={speed}
            aria-pressed={list.speed === speed}
            onClick={() => void model.pace({ to: 'speed', speed }, `${text.speed} ${text.times(speed)}`)}
          >
            {text.times(speed)}
          </button>
        ))}
      </span>
      <span class="hint">{text.keys}</span>
    </section>
  )
}

/** Space and `.`, unless a control has the focus that uses them itself. */
const useClockKeys = (play: () => void, step: () => void): void => {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return
      const at = event.target
      if (at instanceof HTMLElement && at.closest('button, a, input, textarea, select, summary, dialog')) return
      if (event.key === ' ') play()
      else if (event.key === '.') step()
      else return
      event.preventDefault()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  })
}
