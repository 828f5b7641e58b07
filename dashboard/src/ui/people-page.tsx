import './styles/people.css'
import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect, useMemo } from 'preact/hooks'
import type { PeopleList, PersonView } from '#domain/people/people-api.ts'
import { age } from '#dashboard/core/format.ts'
import { peopleWords } from '#dashboard/core/people-words.ts'
import { AdminFailure } from './admin-failure.tsx'
import { PeopleAdd, PeopleLink } from './people-add.tsx'
import { PersonDialog } from './people-person.tsx'
import { useApp } from './state/app-state.ts'
import { PeopleModel } from './state/people-model.ts'

const askEveryMs = 60_000

/** Who has an account, as what, and where each is signed in. */
export const PeoplePage = (): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(peopleWords).people
  const model = useMemo(() => new PeopleModel(app.link), [app])
  const adding = useSignal(false)
  const find = useSignal('')
  const all = useSignal(false)
  useEffect(() => {
    void model.ask()
    const timer = setInterval(() => void model.ask(), askEveryMs)
    return () => clearInterval(timer)
  }, [model])
  const closeAdding = (): void => {
    adding.value = false
    model.failure.value = null
  }
  const told = model.told.value
  const wanted = find.value.trim().toLowerCase()
  const shown = (told?.people ?? []).filter(
    ({ name, disabled }) => (all.value || !disabled) && name.toLowerCase().includes(wanted),
  )
  return (
    <div class="people">
      <form class="people-bar" role="search" onSubmit={(event) => event.preventDefault()}>
        <label>
          <span>{text.find}</span>
          <input
            type="search"
            autocomplete="off"
            value={find.value}
            onInput={(event) => (find.value = event.currentTarget.value)}
            data-testid="people-find"
          />
        </label>
        <label class="people-check">
          <input type="checkbox" checked={all.value} onChange={(event) => (all.value = event.currentTarget.checked)} />
          <span>{text.showDisabled}</span>
        </label>
        {told !== null && <p class="people-count">{text.count(shown.length, told.people.length)}</p>}
        <button type="button" class="btn primary" onClick={() => (adding.value = true)} data-testid="people-add">
          {text.add}
        </button>
      </form>
      {model.chosen.value === null && !adding.value && <AdminFailure model={model} />}
      {told === null ? (
        model.failure.value === null && <p class="empty">{text.loading}</p>
      ) : (
        <Rows told={told} shown={shown} choose={({ userId }) => model.choose(userId)} />
      )}
      {adding.value && <PeopleAdd model={model} close={closeAdding} />}
      {model.person !== null && <PersonDialog model={model} person={model.person} />}
      {model.link.value !== null && <PeopleLink model={model} shown={model.link.value} />}
    </div>
  )
}

interface RowsProps {
  readonly told: PeopleList
  readonly shown: readonly PersonView[]
  readonly choose: (person: PersonView) => void
}

const Rows = ({ told, shown, choose }: RowsProps): JSX.Element => {
  const app = useApp()
  const words = app.wordsWith(peopleWords)
  const text = words.people
  if (shown.length === 0) return <p class="empty">{text.nobody}</p>
  const teamName = new Map(told.teams.map(({ teamId, name }) => [teamId, name]))
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label={text.title}>
      <table class="data-table people-table">
        <thead>
          <tr>
            {(['name', 'role', 'teams', 'access', 'seen'] as const).map((column) => (
              <th key={column} scope="col" data-column={column}>
                {text.columns[column]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((person) => (
            <tr key={person.userId} class={person.disabled ? 'disabled' : ''} data-testid="person">
              <th scope="row" data-column="name">
                <button
                  type="button"
                  class="people-name"
                  aria-label={text.change(person.name)}
                  onClick={() => choose(person)}
                >
                  {person.name}
                </button>
              </th>
              <td data-column="role">{words.user.roles[person.role]}</td>
              <td data-column="teams">
                {person.teamIds.length === 0 && (person.role === 'nurse' || person.role === 'lead')
                  ? text.everybodys
                  : person.teamIds.map((teamId) => teamName.get(teamId) ?? teamId).join(', ')}
              </td>
              <td data-column="access">
                <Access person={person} now={told.serverTime} />
              </td>
              <td data-column="seen">
                {person.lastSeenAt === null
                  ? text.nowhere
                  : text.places(person.sessions, age(told.serverTime - person.lastSeenAt))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const Access = ({ person, now }: { readonly person: PersonView; readonly now: number }): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(peopleWords).people.access
  const { disabled, hasPassword, invitedUntil, factors } = person
  if (disabled) return <b class="people-disabled">{text.disabled}</b>
  if (factors.reset !== null && invitedUntil === null && hasPassword) return <>{text.reset}</>
  if (invitedUntil === null) return <>{hasPassword ? text.good : text['never-came']}</>
  const until = app.formats.value.moment(invitedUntil, now)
  return <>{hasPassword ? text['new-link'](until) : text.invited(until)}</>
}
