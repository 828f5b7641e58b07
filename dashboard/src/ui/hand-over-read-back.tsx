import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { handOverWords } from '#dashboard/core/hand-over-words.ts'
import type { ReadBackItem } from '#dashboard/core/hand-over-sheet.ts'
import { placeOf } from './hand-over-parts.tsx'
import { Modal } from './modal.tsx'
import { useApp } from './state/app-state.ts'
import type { AppState } from './state/app-state.ts'
import type { ActTold, HandOverModel } from './state/hand-over-model.ts'

/** The receiver ticks each item and accepts; until then everything is its owner's. */
export const ReadBack = ({ model }: { readonly model: HandOverModel }): JSX.Element => {
  const app = useApp()
  const words = app.wordsWith(handOverWords)
  const text = words.shift
  const declining = useSignal(false)
  const items = model.items.value
  const offered = items.some((item) => item.offered)
  const frozen = app.live.frozen.value
  return (
    <div class="read-back" data-testid="read-back">
      <p class="hint">{items.length === 0 ? text.nothing : text.readBackLead}</p>
      <ul>
        {items.map((item) => (
          <li key={item.key}>
            <label>
              <input
                type="checkbox"
                checked={model.ticked.value.has(item.key)}
                disabled={frozen}
                onChange={(event) => model.tick(item.key, event.currentTarget.checked)}
              />
              <span>
                <b>{nameOf(app, item)}</b>
                <span class="second">{fromWhom(app, item)}</span>
              </span>
            </label>
          </li>
        ))}
      </ul>
      <Told model={model} />
      <div class="read-back-foot screen-only">
        {items.length > 0 && <span>{text.ticked(model.ticked.value.size, items.length)}</span>}
        {offered && (
          <button class="btn" disabled={frozen} data-testid="decline" onClick={() => (declining.value = true)}>
            {text.decline}
          </button>
        )}
        <button
          class="btn primary"
          data-testid="accept-shift"
          disabled={frozen || !model.complete.value || model.sending.value}
          onClick={() => void model.accept()}
        >
          {model.sending.value ? text.accepting : text.accept}
        </button>
        <span class="hint">{frozen ? text.needsLink : text.acceptKey}</span>
      </div>
      {declining.value && <Decline model={model} close={() => (declining.value = false)} />}
    </div>
  )
}

const nameOf = (app: AppState, item: ReadBackItem): string =>
  item.kind === 'watch'
    ? app.wordsWith(handOverWords).shift.watchItem(item.watch.label ?? item.watch.pumpId)
    : `${app.words.alarm[item.alarm.alarm.code].name}, ${placeOf(app, item.alarm)}`

const fromWhom = (app: AppState, item: ReadBackItem): string => {
  const text = app.wordsWith(handOverWords).shift
  if (item.kind === 'watch')
    return [text.offeredBy(item.watch.owner.name), ...(item.watch.note === '' ? [] : [item.watch.note])].join('. ')
  const { owner } = item.alarm.alarm
  return item.offered && owner !== null ? text.offeredBy(owner.name) : text.nobodyOwns
}

/** What the last act came to, or why it did not. */
const Told = ({ model }: { readonly model: HandOverModel }): JSX.Element => {
  const app = useApp()
  const words = app.wordsWith(handOverWords)
  const failed = model.actFailure.value
  const told = model.told.value
  return (
    <div role="status" data-testid="hand-over-told">
      {failed !== null ? (
        <p class="notice">
          {failed.detail ?? words.failure[failed.failure]} {failed.failure === 'unreachable' && words.shift.needsLink}
        </p>
      ) : (
        told !== null && <p class="notice">{toldWords(app, told)}</p>
      )}
    </div>
  )
}

const toldWords = (app: AppState, { what, at, done, of }: ActTold): string => {
  const text = app.wordsWith(handOverWords).shift
  const time = app.formats.value.time(at)
  const said = {
    accepted: text.started,
    declined: text.declined,
    offered: text.offered,
    'taken-back': text.takenBack,
  }[what](time)
  return done === of ? said : `${said} ${text.partly(done, of)}`
}

const Decline = ({ model, close }: { readonly model: HandOverModel; readonly close: () => void }): JSX.Element => {
  const words = useApp().wordsWith(handOverWords)
  const text = words.shift
  const reason = useSignal('')
  const missing = useSignal(false)
  const submit = (event: Event): void => {
    event.preventDefault()
    missing.value = reason.value.trim() === ''
    if (!missing.value) void model.decline(reason.value.trim()).then((stored) => stored && close())
  }
  return (
    <Modal title={text.decline} close={close}>
      <form onSubmit={submit} data-testid="decline-form">
        <label class="field">
          <span>{text.declineWhy}</span>
          <textarea
            rows={3}
            maxLength={500}
            value={reason.value}
            onInput={(event) => (reason.value = event.currentTarget.value)}
          />
        </label>
        {missing.value && <p role="alert">{text.declineNeeded}</p>}
        <div class="modal-foot">
          <button type="button" class="btn" onClick={close}>
            {words.cancel}
          </button>
          <button class="btn primary" disabled={model.sending.value}>
            {text.declineSend}
          </button>
        </div>
      </form>
    </Modal>
  )
}
