import './styles/people.css'
import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect, useMemo } from 'preact/hooks'
import type { PeopleList, PersonView } from '#domain/people/people-api.ts'
import { age } from '#dashboard/core/format.ts'
import { peopleWords } from '#dashboard/core/people-words.ts'
import { AdminFailure } from './admin-failure.tsx'
import { AdminName, AdminTable } from './admin-list.tsx'
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
    <div class="admin-list">
      <form class="admin-bar" role="search" onSubmit={(event) => event.preventDefault()}>
        <label class="admin-find">
          <span class="sr">{text.find}</span>
          <input
            type="search"
            placeholder={text.find}
            autocomplete="off"
            value={find.value}
            onInput={(event) => (find.value = event.currentTarget.value)}
            data-testid="people-find"
          />
        </label>
        <label class="check">
          <input type="checkbox" checked={all.value} onChange={(event) => (all.value = event.currentTarget.checked)} />
          <span>{text.showDisabled}</span>
        </label>
        {told !== null && <p>{text.count(shown.length, told.people.length)}</p>}
        <button type="button" class="btn primary at-end" onClick={() => (adding.value = true)} data-testid="people-add">
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
  if (shown.length === 0)
    return (
      <p class="empty" data-testid="admin-empty">
        {text.nobody}
      </p>
    )
  const teamName = new Map(told.teams.map(({ teamId, name }) => [teamId, name]))
  return (
    <AdminTable name="people" title={text.title} columns={text.columns}>
      {shown.map((person) => (
        <tr key={person.userId} class={person.disabled ? 'disabled' : ''} data-testid="person">
          <th scope="row" data-column="name">
            <AdminName name={person.name} label={text.change(person.name)} open={() => choose(person)} />
          </th>
          <td data-column="role" data-label={text.columns.role}>
            {words.user.roles[person.role]}
          </td>
          <td data-column="teams" data-label={text.columns.teams}>
            {person.teamIds.length === 0 && (person.role === 'nurse' || person.role === 'lead')
              ? text.everybodys
              : person.teamIds.map((teamId) => teamName.get(teamId) ?? teamId).join(', ')}
          </td>
          <td data-column="access" data-label={text.columns.access}>
            <Access person={person} now={told.serverTime} />
          </td>
          <td data-column="seen" data-label={text.columns.seen}>
            {person.lastSeenAt === null
              ? text.nowhere
              : text.places(person.sessions, age(told.serverTime - person.lastSeenAt))}
          </td>
        </tr>
      ))}
    </AdminTable>
  )
}

const Access = ({ person, now }: { readonly person: PersonView; readonly now: number }): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(peopleWords).people.access
  const { disabled, hasPassword, invitedUntil, factors } = person
  if (disabled) return <b class="mark">{text.disabled}</b>
  if (factors.reset !== null && invitedUntil === null && hasPassword) return <>{text.reset}</>
  if (invitedUntil === null) return <>{hasPassword ? text.good : text['never-came']}</>
  const until = app.formats.value.moment(invitedUntil, now)
  return <>{hasPassword ? text['new-link'](until) : text.invited(until)}</>
}
