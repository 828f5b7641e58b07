import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import type { PersonView } from '#domain/people/people-api.ts'
import { peopleWords } from '#dashboard/core/people-words.ts'
import { useApp } from './state/app-state.ts'
import type { PeopleModel } from './state/people-model.ts'

interface Props {
  readonly model: PeopleModel
  readonly person: PersonView
}

/** What somebody proves herself with, and how it is taken away when she has lost it. */
export const PeopleFactors = ({ model, person }: Props): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(peopleWords).people.factors
  const asking = useSignal(false)
  const { app: hasApp, passkeys, recoveryLeft, reset } = person.factors
  const now = model.told.value?.serverTime ?? 0
  const isOwn = person.userId === app.me.value?.userId
  return (
    <section>
      <h3>{text.title}</h3>
      <p>{hasApp || passkeys > 0 ? text.has(hasApp, passkeys, recoveryLeft) : text.none}</p>
      {reset !== null && (
        <p data-testid="person-reset-open">
          {text.open(app.formats.value.moment(reset.at, now), reset.by, reset.reason)}
        </p>
      )}
      {isOwn && <p class="hint">{text.own}</p>}
      {!isOwn && !asking.value && (
        <>
          <button type="button" class="btn" onClick={() => (asking.value = true)} data-testid="person-reset">
            {text.reset}
          </button>
          <p class="hint">{text.hint}</p>
        </>
      )}
      {!isOwn && asking.value && <Ask model={model} person={person} close={() => (asking.value = false)} />}
    </section>
  )
}

/** Whoever is on call round the clock has a duty without an end: the rota is looked at some days ahead only. */
const shiftAtMostMs = 2 * 24 * 3_600_000

/** Asked with a reason: she may be on call, and is then signed out. */
const Ask = ({ model, person, close }: Props & { readonly close: () => void }): JSX.Element => {
  const app = useApp()
  const words = app.wordsWith(peopleWords)
  const text = words.people.factors
  const reason = useSignal('')
  const isOff = model.busy.value || reason.value.trim() === ''
  const { onCallUntil, hasPassword, name, userId } = person
  const now = model.told.value?.serverTime ?? 0
  const endsSoon = onCallUntil !== null && onCallUntil - now < shiftAtMostMs
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault()
    if (isOff) return
    await model.act({ what: 'people-reset-factors', userId, reason: reason.value.trim() })
    if (model.failure.peek() === null) close()
  }
  return (
    <form class="person-ask" onSubmit={(event) => void submit(event)} data-testid="person-reset-form">
      {onCallUntil !== null && (
        <p class="notice" data-testid="person-on-call">
          <b>{text.onCall(name, endsSoon ? app.formats.value.moment(onCallUntil, now) : null)}</b> {text.onCallHint}
        </p>
      )}
      <p>{text.sure}</p>
      <p>{hasPassword ? text.way : text.noPassword}</p>
      <label class="field">
        <span>{text.reason}</span>
        <input
          name="reason"
          required
          maxLength={200}
          autocomplete="off"
          value={reason.value}
          onInput={(event) => (reason.value = event.currentTarget.value)}
        />
        <small class="hint">{text.reasonHint}</small>
      </label>
      <div class="person-row">
        <button class="btn primary" disabled={isOff} data-testid="person-reset-now">
          {text.now}
        </button>
        <button type="button" class="btn" onClick={close}>
          {words.people.cancel}
        </button>
      </div>
    </form>
  )
}
