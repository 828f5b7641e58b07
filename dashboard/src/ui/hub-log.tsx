import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect, useMemo } from 'preact/hooks'
import { hubsWords } from '#dashboard/core/hubs-words.ts'
import { hubActKinds } from '#dashboard/core/hub-acts.ts'
import type { HubActKind } from '#domain/live/hub-log.ts'
import type { HubView } from '#domain/live/views.ts'
import { HubRecords } from './hub-records.tsx'
import { useApp } from './state/app-state.ts'
import { HubLogModel } from './state/hub-log-model.ts'

interface LogProps {
  readonly hub: HubView
  /** The strip of its day shows it at once. */
  readonly stored: () => void
}

/** What was done about a hub, with who and when; more can be written down. Engineers see what it sent. */
export const HubLog = ({ hub, stored }: LogProps): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(hubsWords).hubs
  const readsRecords = app.may('hub.records')
  const model = useMemo(() => new HubLogModel(app.link, hub.hubId), [app, hub.hubId])
  useEffect(() => void model.open(readsRecords), [model, readsRecords])
  const failure = model.failure.value
  return (
    <div class="hub-log" data-testid="hub-log">
      <section aria-labelledby={`log-${hub.hubId}`}>
        <h2 id={`log-${hub.hubId}`}>{text.log}</h2>
        <ActForm model={model} stored={stored} />
        {failure !== null && (
          <p class="notice" role="alert">
            {app.words.failure[failure]}
          </p>
        )}
        <Entries model={model} />
      </section>
      {readsRecords && <HubRecords records={model.records.value} />}
    </div>
  )
}

const ActForm = ({ model, stored }: { readonly model: HubLogModel; readonly stored: () => void }): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(hubsWords).hubs
  const kind = useSignal<HubActKind>('note')
  const said = useSignal('')
  const step = model.step.value
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault()
    if (said.value.trim() === '' || !(await model.act(kind.value, said.value))) return
    said.value = ''
    stored()
  }
  return (
    <form class="hub-act" onSubmit={(event) => void submit(event)} data-testid="hub-act">
      <span class="segmented" role="group" aria-label={text.actKinds}>
        {hubActKinds.map((one) => (
          <button key={one} type="button" aria-pressed={kind.value === one} onClick={() => (kind.value = one)}>
            {text.act[one]}
          </button>
        ))}
      </span>
      <label class="field">
        <span>{text.actAsk[kind.value]}</span>
        <textarea
          rows={2}
          maxLength={500}
          value={said.value}
          onInput={(event) => (said.value = event.currentTarget.value)}
        />
        <span class="hint">{text.actHint}</span>
      </label>
      <span class="hub-act-foot">
        <button class="btn primary" disabled={step === 'sending' || app.live.frozen.value}>
          {step === 'sending' ? text.actSending : text.actSave}
        </button>
        <span role="status">{step === 'failed' ? <b>{text.actFailed}</b> : step === 'stored' && text.actStored}</span>
      </span>
    </form>
  )
}

const Entries = ({ model }: { readonly model: HubLogModel }): JSX.Element | null => {
  const app = useApp()
  const text = app.wordsWith(hubsWords).hubs
  const entries = model.entries.value
  const now = app.live.now.value
  if (entries === null) return null
  if (entries.length === 0) return <p class="hint">{text.logNone}</p>
  return (
    <ol class="hub-entries">
      {entries.map(({ at, kind, text: said, by }) => (
        <li key={`${at} ${by.userId} ${kind}`} data-testid="hub-entry" data-kind={kind}>
          <span class="hub-entry-at">{app.formats.value.moment(at, now ?? at)}</span>
          <b>{text.act[kind]}</b>
          <span>
            {said}
            <span class="second">{by.name}</span>
          </span>
        </li>
      ))}
    </ol>
  )
}
