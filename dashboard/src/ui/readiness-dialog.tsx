import { readinessWords } from '#dashboard/core/readiness-words.ts'
import './styles/readiness.css'
import type { JSX } from 'preact'
import { dutyChoices, needsReason, readyItemNames } from '#dashboard/core/ready-items.ts'
import { isLoud, onCallLook } from '#dashboard/core/on-call-look.ts'
import { Modal } from './modal.tsx'
import { onCallText } from './on-call-chip.tsx'
import { readyChips } from './ready-chips.tsx'
import { ReadyItemRow } from './ready-item.tsx'
import { SoundControls } from './sound-controls.tsx'
import { useApp } from './state/app-state.ts'

/** After signing in: what am I here as, and would an alarm reach me? Chips of the status bar open it again. */
export const ReadinessDialog = (): JSX.Element => {
  const app = useApp()
  const { readiness, mayAct } = app
  const words = app.wordsWith(readinessWords)
  const text = words.readiness
  const duty = readiness.duty.value
  const close = (): void => void (readiness.open.value = false)
  // Nobody calls an engineer about an alarm: there is no duty to choose.
  if (!mayAct.value)
    return (
      <Modal title={words.sound.label} close={close}>
        <div class="readiness" data-testid="readiness">
          <SoundControls />
        </div>
      </Modal>
    )
  return (
    <Modal title={duty === null ? text.title : words.duty.check} close={close}>
      <div class="readiness" data-testid="readiness">
        <OnThisPhone />
        <Planned />
        <div class={`duties ${duty === null ? '' : 'chosen'}`} role="group" aria-label={text.title}>
          {dutyChoices.map((choice) => (
            <button
              key={choice}
              type="button"
              class={`btn duty ${duty === choice ? 'primary' : ''}`}
              aria-pressed={duty === choice}
              data-testid={`duty-${choice}`}
              onClick={() => readiness.choose(choice)}
            >
              <b>{words.duty.chosen[choice]}</b>
              {duty === null && <span>{text.why[choice]}</span>}
            </button>
          ))}
        </div>
        {duty !== null && <Checks />}
        <p class="hint honest">{text.honest}</p>
      </div>
    </Modal>
  )
}

/** What the status bar says one by one where it has the room. */
const OnThisPhone = (): JSX.Element => {
  const app = useApp()
  const look = onCallLook(app.onCall.told.value, app.live.now.value)
  const lines = [
    ...readyChips(app),
    {
      id: 'on-call',
      label: app.words.onCall.label,
      text: onCallText(app, look),
      look: isLoud(look) ? 'worst' : 'fine',
    },
  ]
  return (
    <dl class="ready-now" data-testid="ready-now">
      {lines.map(({ id, label, text, look: how }) => (
        <div key={id} class={how}>
          <dt>{label}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  )
}

const Planned = (): JSX.Element | null => {
  const app = useApp()
  const text = app.wordsWith(readinessWords).readiness
  const planned = app.readiness.planned.value
  const now = app.live.now.value
  if (planned === null || now === null) return null
  if (planned.length === 0) return <p data-testid="planned">{text.notPlanned}</p>
  const time = (ms: number): string => app.formats.value.moment(ms, now)
  return (
    <ul data-testid="planned">
      {planned.map(({ team, place, from, to }) => (
        <li key={`${team}${place}${from}`}>{text.planned(text.places[place], team, time(from), time(to))}</li>
      ))}
    </ul>
  )
}

const Checks = (): JSX.Element => {
  const { readiness } = useApp()
  const items = readiness.items.value
  return (
    <>
      <ol class="ready-items">
        {readyItemNames.map((item) => (
          <ReadyItemRow key={item} item={item} state={items[item]} />
        ))}
      </ol>
      {readiness.duty.value !== 'looking' && <Foot />}
    </>
  )
}

/** On duty she answers, or gives a reason, for everything before she starts. */
const Foot = (): JSX.Element => {
  const app = useApp()
  const { readiness } = app
  const words = app.wordsWith(readinessWords)
  const text = words.readiness
  const items = readiness.items.value
  const failing = readyItemNames.filter((item) => needsReason(items, item)).length
  const settled = readiness.unsettled.value.length === 0
  const saving = readiness.saving.value
  return (
    <>
      {saving === 'failed' && <p role="alert">{text.failed}</p>}
      <div class="modal-foot">
        <button type="button" class="btn" onClick={() => readiness.tryAll()}>
          {text.again}
        </button>
        <button
          type="button"
          class="btn primary"
          data-testid="ready-done"
          aria-disabled={!settled || saving === 'now'}
          aria-describedby={settled ? undefined : 'ready-needs'}
          onClick={() => (settled && saving !== 'now' ? void readiness.finish() : undefined)}
        >
          {saving === 'now' ? text.saving : failing === 0 ? text.done : text.doneWithout(failing)}
        </button>
      </div>
      {!settled && (
        <p class="hint" id="ready-needs">
          {text.notYet}
        </p>
      )}
    </>
  )
}
