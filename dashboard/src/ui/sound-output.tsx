import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import type { SoundOutputs } from '#dashboard/core/audio-port.ts'
import { readinessWords } from '#dashboard/core/readiness-words.ts'
import { useApp } from './state/app-state.ts'

/** Through which loudspeaker, where a browser lets a page choose, and when it was last tested. */
export const SoundOutput = (): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(readinessWords).readiness.sound
  const { audio, sound } = app
  const outputs = useSignal<SoundOutputs | null>(null)
  const look = async (ask: boolean): Promise<void> => {
    outputs.value = await audio.outputs(ask)
  }
  useEffect(() => void look(false), [])
  const { testedAt, output } = sound.value
  return (
    <div class="sound-output">
      <Choice outputs={outputs.value} ask={() => void look(true)} />
      {output === 'lost' && (
        <p role="alert" data-testid="output-lost">
          {text.lost}
        </p>
      )}
      <p class="hint" data-testid="sound-tested">
        {testedAt === null ? text.untested : text.tested(app.formats.value.time(testedAt))}
      </p>
    </div>
  )
}

const Choice = ({
  outputs,
  ask,
}: {
  readonly outputs: SoundOutputs | null
  readonly ask: () => void
}): JSX.Element | null => {
  const app = useApp()
  const text = app.wordsWith(readinessWords).readiness.sound
  const { station } = app
  if (outputs === null) return null
  if (outputs === 'unsupported') return <p class="hint">{text.unsupported}</p>
  if (outputs === 'unnamed')
    return (
      <>
        <button type="button" class="btn" data-testid="name-outputs" onClick={ask}>
          {text.nameOutputs}
        </button>
        <p class="hint">{text.unnamed}</p>
      </>
    )
  return (
    <label class="sound-choice">
      <span>{text.output}</span>
      <select
        data-testid="sound-output"
        value={station.outputId.value ?? ''}
        onChange={({ currentTarget: { value } }) => station.chooseOutput(value === '' ? null : value)}
      >
        <option value="">{text.standard}</option>
        {outputs.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}
