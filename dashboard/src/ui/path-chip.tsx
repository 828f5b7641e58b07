import type { JSX } from 'preact'
import { age } from '#dashboard/core/format.ts'
import type { Words } from '#dashboard/core/messages.ts'
import { isPathLoud } from '#dashboard/core/path-look.ts'
import type { PathLook } from '#dashboard/core/path-look.ts'
import { Icon } from './icons.tsx'
import { useApp } from './state/app-state.ts'

/** Whether an alarm would sound here; a press opens the shift check. */
export const PathChip = (): JSX.Element => {
  const { path, mayAct, words } = useApp()
  const text = words.path
  const look = path.look.value
  return (
    <details class="menu duty-menu path-menu">
      <summary class={`chip ${isPathLoud(look) ? 'worst' : 'calm'}`} data-testid="path-chip" data-state={look.is}>
        <span class="chip-label">{text.label} </span>
        <span class="chip-icon">
          <Icon name={look.is === 'proven' ? 'check' : 'eye'} size={18} />
        </span>
        <b>{shortly(text, look)}</b>
      </summary>
      <div class="menu-panel">
        <p>{text.why[look.is]}</p>
        {mayAct.value && <ShiftCheck />}
      </div>
    </details>
  )
}

const shortly = (text: Words['path'], look: PathLook): string => {
  switch (look.is) {
    case 'unproven':
      return text.unproven(look.ageMs === null ? null : age(look.ageMs))
    case 'not-heard':
      return text.notHeard
    case 'check-due':
      return text.checkDue
    case 'waiting':
      return text.waiting
    case 'proven':
      return text.proven(age(look.ageMs))
  }
}

/** One audible page and her word: the last hop, from the loudspeaker to the ear. */
const ShiftCheck = (): JSX.Element => {
  const { path, formats, words } = useApp()
  const text = words.path
  const step = path.step.value
  const check = path.check.value
  if (step === 'asking')
    return (
      <>
        <p role="status">
          <b>{text.question}</b>
        </p>
        <button type="button" class="btn primary" data-testid="shift-yes" onClick={() => void path.answer(true)}>
          {text.yes}
        </button>
        <button type="button" class="btn" data-testid="shift-no" onClick={() => void path.answer(false)}>
          {text.no}
        </button>
        <button type="button" class="btn quiet" onClick={() => path.play()}>
          {text.playAgain}
        </button>
      </>
    )
  return (
    <>
      {check?.heard === true && <p>{text.heardAt(formats.value.time(check.at))}</p>}
      {step === 'no-sound' && <p role="alert">{text.noSound}</p>}
      {step === 'failed' && <p role="alert">{text.failed}</p>}
      <button
        type="button"
        class="btn"
        data-testid="shift-play"
        aria-disabled={step === 'sending'}
        onClick={() => (step === 'sending' ? undefined : path.play())}
      >
        {step === 'sending' ? text.sending : text.play}
      </button>
    </>
  )
}
