import type { JSX } from 'preact'
import type { TeamId } from '#domain/on-call/duty.ts'
import { planWords } from '#dashboard/core/plan-words.ts'
import { planQuery } from '#dashboard/core/plan-view.ts'
import type { PlanView } from '#dashboard/core/plan-view.ts'
import { teamOf } from '#dashboard/core/roster-view.ts'
import { routeTo } from '#dashboard/core/route.ts'
import { useApp } from './state/app-state.ts'

export const planAddress = (view: PlanView): string => {
  const query = planQuery(view)
  return routeTo(query === '' ? { name: 'plan' } : { name: 'plan', query })
}

/** Replaced, not added: the way back leads to the screen before the plan. */
export const goToPlan = (view: PlanView): void => location.replace(planAddress(view))

/** Addresses of their own: a part can be kept as a bookmark. */
export const PlanChoice = ({ view }: { readonly view: PlanView }): JSX.Element => {
  const { plan } = useApp().wordsWith(planWords)
  return (
    <nav class="segments plan-choice" aria-label={plan.choose}>
      {(['supply', 'week'] as const).map((part) => (
        <a
          key={part}
          href={planAddress({ ...view, part, weeksAgo: 0 })}
          aria-current={part === view.part ? 'true' : undefined}
          data-testid={`plan-${part}`}
        >
          {plan.parts[part]}
        </a>
      ))}
    </nav>
  )
}

interface TeamProps {
  readonly view: PlanView
  readonly teams: readonly { readonly teamId: TeamId; readonly name: string }[]
}

export const PlanTeam = ({ view, teams }: TeamProps): JSX.Element | null => {
  const { plan } = useApp().wordsWith(planWords)
  if (teams.length < 2) return null
  return (
    <label class="plan-team">
      <span class="sr">{plan.team}</span>
      <select
        value={view.teamId ?? ''}
        onChange={(event) => goToPlan({ ...view, teamId: teamOf(event.currentTarget.value) })}
      >
        <option value="">{plan.allTeams}</option>
        {teams.map(({ teamId, name }) => (
          <option key={teamId} value={teamId}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}

export const PlanFailed = ({
  kept,
  again,
}: {
  readonly kept: string | null
  readonly again: () => void
}): JSX.Element => {
  const { plan } = useApp().wordsWith(planWords)
  return (
    <div class="notice plan-failed" role="alert" data-testid="plan-failed">
      <p>{kept === null ? plan.failed : plan.kept(kept)}</p>
      <button type="button" class="btn" onClick={again}>
        {plan.again}
      </button>
    </div>
  )
}
