import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { rosterWords } from '#dashboard/core/roster-words.ts'
import { teamOf } from '#dashboard/core/roster-view.ts'
import type { AssignModel } from './state/assign-model.ts'
import { useApp } from './state/app-state.ts'
import type { RosterModel } from './state/roster-model.ts'

interface AssignProps {
  readonly assign: AssignModel
  readonly roster: RosterModel
}

/** The teams whose pumps she may give away and take over; fewer than two leave nothing to choose. */
const useOwnTeams = (): readonly { readonly teamId: string; readonly name: string }[] => {
  const app = useApp()
  return app.may('assignment.edit') ? (app.onCall.told.value?.teams ?? []) : []
}

/** For leads of several teams. */
export const AssignButton = ({ assign }: Pick<AssignProps, 'assign'>): JSX.Element | null => {
  const words = useApp().wordsWith(rosterWords)
  if (useOwnTeams().length < 2 || assign.chosen.value !== null) return null
  return (
    <button class="btn" data-testid="assign-begin" onClick={() => assign.begin()}>
      {words.roster.assignBegin}
    </button>
  )
}

/** What is chosen, and the team it goes to; afterwards what the server said. */
export const AssignBar = ({ assign, roster }: AssignProps): JSX.Element => {
  const app = useApp()
  const words = app.wordsWith(rosterWords)
  const text = words.roster
  const teams = useOwnTeams()
  const picked = useSignal('')
  const chosen = assign.chosen.value
  const told = assign.told.value
  const nameOf = (teamId: string): string => teams.find((team) => team.teamId === teamId)?.name ?? teamId
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault()
    const teamId = teamOf(picked.value)
    if (teamId !== null && (await assign.assign(teamId))) roster.refresh()
  }
  const isOff = chosen === null || chosen.size === 0 || picked.value === '' || assign.sending.value
  return (
    <>
      {chosen !== null && (
        <form class="selection" onSubmit={(event) => void submit(event)} data-testid="assign-bar">
          <span>
            {text.chosen(chosen.size)} <span class="hint">{text.assignHint}</span>
          </span>
          <label>
            <span class="sr">{text.team}</span>
            <select value={picked.value} onChange={(event) => (picked.value = event.currentTarget.value)}>
              <option value="">{text.assignTo}</option>
              {teams.map(({ teamId, name }) => (
                <option key={teamId} value={teamId}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <button class="btn primary" disabled={isOff || app.live.frozen.value}>
            {assign.sending.value ? text.assigning : text.assign(chosen.size)}
          </button>
          <button type="button" class="btn quiet" onClick={() => assign.end()}>
            {words.cancel}
          </button>
        </form>
      )}
      <div role="status" data-testid="assign-told">
        {told !== null && (
          <p class="notice">
            {told.is === 'done'
              ? text.assigned(told.changed, nameOf(told.teamId))
              : text.assignFailed(told.detail ?? words.failure[told.failure])}
          </p>
        )}
      </div>
    </>
  )
}
