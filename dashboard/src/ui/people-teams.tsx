import type { JSX } from 'preact'
import type { TeamId } from '#domain/on-call/duty.ts'
import type { PeopleList } from '#domain/people/people-api.ts'
import { peopleWords } from '#dashboard/core/people-words.ts'
import { useApp } from './state/app-state.ts'

interface Props {
  readonly teams: PeopleList['teams']
  readonly chosen: readonly TeamId[]
  readonly choose: (chosen: readonly TeamId[]) => void
}

/** Which teams somebody belongs to. */
export const PeopleTeams = ({ teams, chosen, choose }: Props): JSX.Element => {
  const text = useApp().wordsWith(peopleWords).people
  return (
    <fieldset class="choices">
      <legend>{text.teams}</legend>
      {teams.length === 0 && <p class="hint">{text.noTeams}</p>}
      {teams.map(({ teamId, name }) => (
        <label key={teamId}>
          <input
            type="checkbox"
            checked={chosen.includes(teamId)}
            onChange={(event) =>
              choose(event.currentTarget.checked ? [...chosen, teamId] : chosen.filter((one) => one !== teamId))
            }
          />
          <span>{name}</span>
        </label>
      ))}
    </fieldset>
  )
}
