import type { ComponentChildren, JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import type { HandOverSheet } from '#domain/hand-over/sheet.ts'
import { handOverWords } from '#dashboard/core/hand-over-words.ts'
import { sheetParts } from '#dashboard/core/hand-over-sheet.ts'
import type { SheetPart } from '#dashboard/core/hand-over-sheet.ts'
import { ActionsPart, IfThenPart, SeverityPart, SummaryPart } from './hand-over-parts.tsx'
import { ReadBack } from './hand-over-read-back.tsx'
import { useApp } from './state/app-state.ts'
import type { HandOverModel } from './state/hand-over-model.ts'

/** The sheet: on screen beside the duty, on a phone a stepper, printed one page. */
export const HandOverSheetView = ({ model }: { readonly model: HandOverModel }): JSX.Element => {
  const app = useApp()
  const words = app.wordsWith(handOverWords)
  const text = words.shift
  useAcceptKey(model)
  const sheet = model.sheet.value
  const failure = model.failure.value
  if (sheet === null)
    return (
      <section class="card sheet" aria-busy={failure === null}>
        {failure === null ? (
          <p class="hint">{text.loading}</p>
        ) : (
          <p class="notice" role="alert">
            {text.failed(words.failure[failure])}
          </p>
        )}
      </section>
    )
  return (
    <section class={`card sheet ${frozenAt(model, app.live.frozen.value) ? 'frozen-sheet' : ''}`} data-testid="sheet">
      <SheetHead sheet={sheet} model={model} />
      <Step model={model} part="severity">
        <SeverityPart sheet={sheet} />
      </Step>
      <Step model={model} part="summary">
        <SummaryPart sheet={sheet} />
      </Step>
      <Step model={model} part="actions">
        <ActionsPart sheet={sheet} />
      </Step>
      <Step model={model} part="ifThen">
        <IfThenPart sheet={sheet} model={model} />
      </Step>
      <Step model={model} part="readBack">
        <ReadBack model={model} />
      </Step>
      <Stepper model={model} />
      <p class="statement print-only">{words.notMedicalDevice}</p>
    </section>
  )
}

/** Nothing is asked, or nothing is answered: what is shown is of the time of the last answer. */
const frozenAt = (model: HandOverModel, frozen: boolean): boolean => frozen || model.failure.value !== null

const SheetHead = ({ sheet, model }: { readonly sheet: HandOverSheet; readonly model: HandOverModel }): JSX.Element => {
  const app = useApp()
  const words = app.wordsWith(handOverWords)
  const text = words.shift
  const teams = app.onCall.told.value?.teams ?? []
  const time = app.formats.value.timeSeconds(sheet.serverTime)
  const zone = app.me.value?.facilityTimeZone ?? 'UTC'
  const frozen = frozenAt(model, app.live.frozen.value)
  return (
    <header class="sheet-head">
      <div>
        <h2>{text.sheet(sheet.name)}</h2>
        <p class={frozen ? 'sheet-frozen' : 'hint'} data-testid="sheet-as-of">
          {(frozen ? text.frozenAt : text.dataAsOf)(`${app.formats.value.day(sheet.serverTime)} ${time} (${zone})`)}
        </p>
        <p class="hint print-only">{text.printedBy(app.me.value?.name ?? '', app.me.value?.site ?? '')}</p>
      </div>
      <div class="sheet-tools">
        {teams.length > 1 && (
          <label>
            <span class="sr">{text.team}</span>
            <select value={sheet.teamId} onChange={(event) => chooseTeam(model, teams, event.currentTarget.value)}>
              {teams.map(({ teamId, name }) => (
                <option key={teamId} value={teamId}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        )}
        <button class="btn" data-testid="print" onClick={() => print()}>
          {text.print}
        </button>
      </div>
    </header>
  )
}

const chooseTeam = (
  model: HandOverModel,
  teams: readonly { readonly teamId: HandOverSheet['teamId'] }[],
  wanted: string,
): void => {
  const team = teams.find(({ teamId }) => teamId === wanted)
  if (team !== undefined) model.choose(team.teamId)
}

interface StepProps {
  readonly model: HandOverModel
  readonly part: SheetPart
  readonly children: ComponentChildren
}

const Step = ({ model, part, children }: StepProps): JSX.Element => {
  const [letter, title] = useApp().wordsWith(handOverWords).shift.parts[part]
  return (
    <section
      class={`sheet-part ${model.part.value === part ? 'current' : ''}`}
      aria-labelledby={`part-${part}`}
      data-part={part}
    >
      <h3 id={`part-${part}`}>
        <span class="part-letter" aria-hidden="true">
          {letter}
        </span>
        {title}
      </h3>
      <div class="part-body">{children}</div>
    </section>
  )
}

/** Only a phone shows it: one part at a time. */
const Stepper = ({ model }: { readonly model: HandOverModel }): JSX.Element => {
  const text = useApp().wordsWith(handOverWords).shift
  const at = sheetParts.indexOf(model.part.value)
  const go = (to: number): void => {
    const part = sheetParts[to]
    if (part === undefined) return
    model.part.value = part
    const heading = document.getElementById(`part-${part}`)
    heading?.scrollIntoView({ block: 'start' })
  }
  return (
    <nav class="stepper" aria-label={text.steps}>
      <button class="btn" disabled={at === 0} onClick={() => go(at - 1)}>
        {text.back}
      </button>
      <span aria-live="polite">{text.step(at + 1, sheetParts.length)}</span>
      <button class="btn primary" disabled={at === sheetParts.length - 1} onClick={() => go(at + 1)}>
        {text.forward}
      </button>
    </nav>
  )
}

/** `A` accepts once all is ticked; never while somebody writes. */
const useAcceptKey = (model: HandOverModel): void => {
  const app = useApp()
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 'a' || event.ctrlKey || event.metaKey || event.altKey) return
      const { target } = event
      if (target instanceof HTMLElement && target.closest('input:not([type=checkbox]), textarea, select, dialog'))
        return
      if (app.live.frozen.peek() || !model.complete.peek()) return
      event.preventDefault()
      void model.accept()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [app, model])
}
