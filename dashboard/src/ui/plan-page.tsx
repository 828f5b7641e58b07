import './styles/plan.css'
import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import { planWords } from '#dashboard/core/plan-words.ts'
import { parsePlan } from '#dashboard/core/plan-view.ts'
import { PlanSupply } from './plan-supply.tsx'
import { PlanWeek } from './plan-week.tsx'
import { useApp } from './state/app-state.ts'

/** What has to be done tonight, and was last week's plan kept? */
export const PlanPage = (): JSX.Element => {
  const app = useApp()
  const { plan } = app.wordsWith(planWords)
  const screen = app.screen.value
  const query = screen.name === 'plan' ? screen.query : undefined
  const view = useMemo(() => parsePlan(query), [query])
  const Part = view.part === 'week' ? PlanWeek : PlanSupply
  return (
    <section class="plan" aria-labelledby="plan-title">
      <h2 id="plan-title" class="sr">
        {plan.title}
      </h2>
      <Part key={view.teamId ?? ''} view={view} />
    </section>
  )
}
