import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import type { SimulatedPumpDetail } from '#domain/simulators/control.ts'
import { simulatorWords } from '#dashboard/core/simulator-words.ts'
import { useApp } from './state/app-state.ts'
import type { SimulatorModel } from './state/simulator-model.ts'

/** What can be done to the chosen pump: keys on its front, what happens to it, faults. */
export const SimulatorDrive = ({ model }: { readonly model: SimulatorModel }): JSX.Element => {
  const text = useApp().wordsWith(simulatorWords).sim
  const chosen = model.chosen.value
  const detail = model.detail.value
  return (
    <section class="card sim-drive" aria-labelledby="sim-drive">
      <h2 id="sim-drive">{chosen === null ? text.choose : text.drive(chosen)}</h2>
      {detail !== null && <Panel key={detail.id} model={model} detail={detail} />}
    </section>
  )
}

interface PanelProps {
  readonly model: SimulatorModel
  readonly detail: SimulatedPumpDetail
}

const Panel = ({ model, detail }: PanelProps): JSX.Element => {
  const text = useApp().wordsWith(simulatorWords).sim
  const { id } = detail
  return (
    <>
      {detail.keys.length > 0 && (
        <fieldset>
          <legend>{text.keysOf}</legend>
          <div class="sim-buttons">
            {detail.keys.map(({ key, what }) => (
              <button key={key} class="btn" title={what} onClick={() => void model.do(id, { kind: 'key', key }, key)}>
                {key}
              </button>
            ))}
          </div>
        </fieldset>
      )}
      <Story model={model} detail={detail} />
      <Acts model={model} detail={detail} />
      <Faults model={model} detail={detail} />
      <p>
        <a href={`/api/v1/simulators/pumps/${encodeURIComponent(id)}/scenario`} download={`${id}.yaml`}>
          {text.scenarioFile}
        </a>
      </p>
    </>
  )
}

const Story = ({ model, detail }: PanelProps): JSX.Element => {
  const text = useApp().wordsWith(simulatorWords).sim
  const name = useSignal(detail.scenario)
  const seed = useSignal('')
  const stories = model.stories.value
  const story = stories.find((one) => one.name === name.value)
  const submit = (event: Event): void => {
    event.preventDefault()
    const more = seed.value === '' ? {} : { seed: Number(seed.value) }
    void model.do(detail.id, { kind: 'scenario', scenario: name.value, ...more }, text.told(name.value))
  }
  return (
    <form onSubmit={submit} data-testid="sim-story">
      <div class="sim-pair wide-first">
        <label class="field">
          <span>{text.story}</span>
          <select value={name.value} onChange={(event) => (name.value = event.currentTarget.value)}>
            {story === undefined && <option value={name.value}>{name.value}</option>}
            {stories.map((one) => (
              <option key={one.name} value={one.name}>
                {one.name}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          <span>{text.seed}</span>
          <input
            type="number"
            min={0}
            max={4294967295}
            placeholder={text.seedOwn}
            value={seed.value}
            onInput={(event) => (seed.value = event.currentTarget.value)}
          />
        </label>
      </div>
      <p class="second">{story?.what ?? text.storyHint}</p>
      <button class="btn">{text.storyBegin}</button>
    </form>
  )
}

const Acts = ({ model, detail }: PanelProps): JSX.Element => {
  const text = useApp().wordsWith(simulatorWords).sim
  const name = useSignal(detail.acts[0]?.act ?? '')
  const amount = useSignal('')
  const code = useSignal('')
  const act = detail.acts.find((one) => one.act === name.value)
  const submit = (event: Event): void => {
    event.preventDefault()
    if (act === undefined) return
    const more = {
      ...(act.amount !== undefined && amount.value !== '' ? { amount: Number(amount.value) } : {}),
      ...(act.takesCode === true && code.value !== '' ? { code: code.value } : {}),
    }
    void model.do(detail.id, { kind: 'act', act: act.act, ...more }, act.act)
  }
  return (
    <form onSubmit={submit} data-testid="sim-act">
      <label class="field">
        <span>{text.acts}</span>
        <select name="act" value={name.value} onChange={(event) => (name.value = event.currentTarget.value)}>
          {detail.acts.map((one) => (
            <option key={one.act} value={one.act}>
              {one.act}
            </option>
          ))}
        </select>
      </label>
      <p class="second">{act?.what}</p>
      {act?.amount !== undefined && (
        <label class="field">
          <span>
            {text.amount}, {act.amount.unit}
          </span>
          <input
            type="number"
            step="any"
            placeholder={String(act.amount.usual)}
            value={amount.value}
            onInput={(event) => (amount.value = event.currentTarget.value)}
          />
        </label>
      )}
      {act?.takesCode === true && (
        <label class="field">
          <span>{text.code}</span>
          <select value={code.value} onChange={(event) => (code.value = event.currentTarget.value)}>
            <option value="">{text.code0}</option>
            {detail.alarmCodes.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
        </label>
      )}
      <button class="btn primary">{text.run}</button>
    </form>
  )
}

const Faults = ({ model, detail }: PanelProps): JSX.Element => {
  const text = useApp().wordsWith(simulatorWords).sim
  const name = useSignal(detail.possibleFaults[0]?.fault ?? '')
  const fault = detail.possibleFaults.find((one) => one.fault === name.value)
  const set = (which: string, on: boolean): void =>
    void model.do(detail.id, { kind: 'fault', fault: which, on }, `${which} ${on ? text.begin : text.end}`)
  return (
    <fieldset data-testid="sim-faults">
      <legend>{text.faults}</legend>
      {detail.faults.map((one) => (
        <p key={one} class="sim-fault">
          <b>{one}</b>
          <button class="btn" onClick={() => set(one, false)}>
            {text.end}
          </button>
        </p>
      ))}
      <div class="sim-fault">
        <select
          aria-label={text.faults}
          value={name.value}
          onChange={(event) => (name.value = event.currentTarget.value)}
        >
          {detail.possibleFaults.map((one) => (
            <option key={one.fault} value={one.fault}>
              {one.fault}
            </option>
          ))}
        </select>
        <button class="btn" disabled={fault === undefined} onClick={() => set(name.value, true)}>
          {text.begin}
        </button>
      </div>
      <p class="second">{fault?.what}</p>
    </fieldset>
  )
}
