import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useRef } from 'preact/hooks'
import type { TeamId } from '#domain/on-call/duty.ts'
import { personRoles } from '#domain/people/person-roles.ts'
import type { PersonRole } from '#domain/people/person-roles.ts'
import { peopleWords } from '#dashboard/core/people-words.ts'
import { AdminFailure } from './admin-failure.tsx'
import { Modal } from './modal.tsx'
import { PeopleTeams } from './people-teams.tsx'
import { useApp } from './state/app-state.ts'
import type { PeopleModel, ShownLink } from './state/people-model.ts'

/** A name, a role, teams: what comes of it is a link to send. */
export const PeopleAdd = ({
  model,
  close,
}: {
  readonly model: PeopleModel
  readonly close: () => void
}): JSX.Element => {
  const text = useApp().wordsWith(peopleWords).people
  const name = useSignal('')
  const role = useSignal<PersonRole>('nurse')
  const teamIds = useSignal<readonly TeamId[]>([])
  const watches = role.value === 'nurse' || role.value === 'lead'
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault()
    if (model.busy.value) return
    const person = { name: name.value.trim(), role: role.value, teamIds: watches ? [...teamIds.value] : [] }
    if (await model.add({ what: 'people-add', person })) close()
  }
  return (
    <Modal title={text.addTitle} close={close}>
      <form onSubmit={(event) => void submit(event)} data-testid="people-add-form">
        <p class="hint">{text.addHint}</p>
        <AdminFailure model={model} />
        <label class="field">
          <span>{text.name}</span>
          <input
            name="name"
            required
            maxLength={64}
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            value={name.value}
            onInput={(event) => (name.value = event.currentTarget.value)}
          />
        </label>
        <fieldset class="people-roles">
          <legend>{text.role}</legend>
          {personRoles.map((one) => (
            <label key={one}>
              <input type="radio" name="role" checked={role.value === one} onChange={() => (role.value = one)} />
              <span>{text.roles[one]}</span>
            </label>
          ))}
        </fieldset>
        {watches && (
          <PeopleTeams
            teams={model.told.value?.teams ?? []}
            chosen={teamIds.value}
            choose={(chosen) => (teamIds.value = chosen)}
          />
        )}
        <div class="modal-foot">
          <button type="button" class="btn" onClick={close}>
            {text.cancel}
          </button>
          <button type="submit" class="btn primary" disabled={model.busy.value}>
            {model.busy.value ? text.making : text.make}
          </button>
        </div>
      </form>
    </Modal>
  )
}

/** The link, once. */
export const PeopleLink = ({
  model,
  shown,
}: {
  readonly model: PeopleModel
  readonly shown: ShownLink
}): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(peopleWords).people
  const field = useRef<HTMLInputElement>(null)
  const copied = useSignal(false)
  const close = (): void => void (model.link.value = null)
  const copy = (): void => {
    field.current?.select()
    navigator.clipboard.writeText(shown.link).then(
      () => (copied.value = true),
      // It is selected: the keyboard copies it.
      () => undefined,
    )
  }
  const until = app.formats.value.moment(shown.expiresAt, model.told.value?.serverTime ?? shown.expiresAt)
  return (
    <Modal title={text.linkFor(shown.name)} close={close}>
      <div class="people-link">
        <label class="field">
          <span>{text.link}</span>
          <span class="with-button">
            <input ref={field} readOnly value={shown.link} data-testid="people-link" />
            <button type="button" class="btn" onClick={copy}>
              {copied.value ? text.copied : text.copy}
            </button>
          </span>
        </label>
        <p class="hint">{text.linkHint(until)}</p>
        <div class="modal-foot">
          <button type="button" class="btn primary" onClick={close}>
            {text.done}
          </button>
        </div>
      </div>
    </Modal>
  )
}
