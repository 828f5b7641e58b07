import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import type { PersonView } from '#domain/people/people-api.ts'
import { personRoles } from '#domain/people/person-roles.ts'
import { peopleWords } from '#dashboard/core/people-words.ts'
import { sessionsWords } from '#dashboard/core/sessions-words.ts'
import { AdminFailure } from './admin-failure.tsx'
import { Modal } from './modal.tsx'
import { PeopleFactors } from './people-factors.tsx'
import { PeopleTeams } from './people-teams.tsx'
import { SessionRows } from './session-rows.tsx'
import { useApp } from './state/app-state.ts'
import type { PeopleModel } from './state/people-model.ts'

interface Props {
  readonly model: PeopleModel
  readonly person: PersonView
}

/** Everything that is done to one person; each act by itself, so that nothing is changed by the way. */
export const PersonDialog = ({ model, person }: Props): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(peopleWords).people
  const isOwn = person.userId === app.me.value?.userId
  const isKiosk = person.role === 'kiosk'
  return (
    <Modal title={person.name} close={() => model.choose(null)}>
      <div class="person" data-testid="person-dialog">
        <AdminFailure model={model} />
        <p role="status" class="person-done" data-testid="person-done">
          {model.done.value === null ? '' : text.saved}
        </p>
        {isOwn && <p class="hint">{text.own}</p>}
        {isKiosk && <p class="hint">{text.kiosk}</p>}
        {!isOwn && !isKiosk && <Role model={model} person={person} />}
        {(person.role === 'nurse' || person.role === 'lead') && <Teams model={model} person={person} />}
        {!isKiosk && <SignIn model={model} person={person} />}
        {!isKiosk && <PeopleFactors model={model} person={person} />}
        <Sessions model={model} person={person} />
        {!isOwn && <Account model={model} person={person} />}
      </div>
    </Modal>
  )
}

const Role = ({ model, person }: Props): JSX.Element => {
  const words = useApp().wordsWith(peopleWords)
  const text = words.people
  const role = useSignal(personRoles.find((one) => one === person.role) ?? 'nurse')
  return (
    <section>
      <h3>{text.role}</h3>
      <div class="person-row">
        <select
          aria-label={text.role}
          value={role.value}
          onChange={(event) =>
            (role.value = personRoles.find((one) => one === event.currentTarget.value) ?? role.value)
          }
          data-testid="person-role"
        >
          {personRoles.map((one) => (
            <option key={one} value={one}>
              {words.user.roles[one]}
            </option>
          ))}
        </select>
        <button
          type="button"
          class="btn"
          disabled={model.busy.value || role.value === person.role}
          onClick={() => void model.act({ what: 'people-role', userId: person.userId, role: role.value })}
          data-testid="person-role-save"
        >
          {text.saveRole}
        </button>
      </div>
      <p class="hint">{text.roleEnds}</p>
    </section>
  )
}

const Teams = ({ model, person }: Props): JSX.Element => {
  const text = useApp().wordsWith(peopleWords).people
  const chosen = useSignal(person.teamIds)
  const teams = model.told.value?.teams ?? []
  return (
    <section>
      <PeopleTeams teams={teams} chosen={chosen.value} choose={(now) => (chosen.value = [...now])} />
      {teams.length > 0 && (
        <button
          type="button"
          class="btn"
          disabled={model.busy.value}
          onClick={() => void model.act({ what: 'people-teams', userId: person.userId, teamIds: chosen.value })}
        >
          {text.saveTeams}
        </button>
      )}
    </section>
  )
}

const SignIn = ({ model, person }: Props): JSX.Element => {
  const text = useApp().wordsWith(peopleWords).people
  const { userId, invitedUntil, disabled } = person
  return (
    <section>
      <h3>{text.signIn}</h3>
      <div class="person-row">
        <button
          type="button"
          class="btn"
          disabled={model.busy.value || disabled}
          onClick={() => void model.invite(person)}
          data-testid="person-link"
        >
          {text.newLink}
        </button>
        {invitedUntil !== null && (
          <button
            type="button"
            class="btn"
            disabled={model.busy.value}
            onClick={() => void model.act({ what: 'people-withdraw', userId })}
          >
            {text.withdraw}
          </button>
        )}
      </div>
      <p class="hint">{text.newLinkHint}</p>
    </section>
  )
}

const Sessions = ({ model, person }: Props): JSX.Element => {
  const words = useApp().wordsWith(peopleWords, sessionsWords)
  const text = words.people
  const { userId } = person
  const open = model.sessions.value
  return (
    <section>
      <h3>{text.sessions}</h3>
      {open === null && <p class="hint">{text.loading}</p>}
      {open?.length === 0 && <p class="hint">{text.nowhere}</p>}
      {open !== null && open.length > 0 && (
        <>
          <SessionRows
            sessions={open}
            now={model.told.value?.serverTime ?? 0}
            end={({ sessionId }) => void model.endSession(userId, sessionId)}
          />
          <button
            type="button"
            class="btn"
            disabled={model.busy.value}
            onClick={() => void model.act({ what: 'people-sessions-end', userId })}
            data-testid="person-end-all"
          >
            {text.endAll}
          </button>
        </>
      )}
    </section>
  )
}

const Account = ({ model, person }: Props): JSX.Element => {
  const text = useApp().wordsWith(peopleWords).people
  const { userId, disabled } = person
  return (
    <section>
      <h3>{text.account}</h3>
      <button
        type="button"
        class="btn"
        disabled={model.busy.value}
        onClick={() => void model.act({ what: 'people-disabled', userId, disabled: !disabled })}
        data-testid="person-disable"
      >
        {disabled ? text.enable : text.disable}
      </button>
      {!disabled && <p class="hint">{text.disableHint}</p>}
    </section>
  )
}
