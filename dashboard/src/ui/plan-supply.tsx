import type { JSX } from 'preact'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import { supplyGroups } from '#domain/live/supply-kinds.ts'
import type { SupplyGroup } from '#domain/live/supply-kinds.ts'
import type { Supply } from '#domain/live/supply.ts'
import { planWords } from '#dashboard/core/plan-words.ts'
import type { PlanView } from '#dashboard/core/plan-view.ts'
import { supplyAxis } from '#dashboard/core/supply-axis.ts'
import type { SupplyAxis } from '#dashboard/core/supply-axis.ts'
import { PlanChoice, PlanFailed, PlanTeam } from './plan-parts.tsx'
import { SupplyAxisHead, SupplyLegend, SupplyPattern } from './plan-supply-axis.tsx'
import { SupplyLine } from './plan-supply-row.tsx'
import { useApp } from './state/app-state.ts'
import { SupplyModel } from './state/supply-model.ts'

/** The axis moves on with the minute. */
const minuteMs = 60_000

/** What runs out first? */
export const PlanSupply = ({ view }: { readonly view: PlanView }): JSX.Element => {
  const app = useApp()
  const { plan } = app.wordsWith(planWords)
  const model = useMemo(() => new SupplyModel(app.link), [app])
  const host = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const isTouched = (): boolean =>
      host.current?.querySelector('.supply-group:hover, .supply-group :focus-visible') != null
    return model.start(view.teamId, isTouched)
  }, [model, view.teamId])
  const told = model.told.value
  const { momentSeconds } = app.formats.value
  const asOf = told === null ? null : momentSeconds(told.serverTime, app.live.now.value ?? told.serverTime)
  return (
    <div class="supply" ref={host}>
      <div class="plan-tools">
        <PlanChoice view={view} />
        <PlanTeam view={view} teams={told?.teams ?? []} />
        {asOf !== null && (
          <span class="hint" data-testid="plan-as-of">
            {plan.orderOf(asOf)}
          </span>
        )}
        <button class="btn" onClick={() => void model.ask()}>
          {plan.refresh}
        </button>
      </div>
      {model.failure.value !== null && <PlanFailed kept={asOf} again={() => void model.ask()} />}
      {told === null ? (
        model.failure.value === null && (
          <p class="empty" role="status">
            {plan.loading}
          </p>
        )
      ) : (
        <Told told={told} old={model.failure.value !== null || app.live.frozen.value} />
      )}
    </div>
  )
}

const Told = ({ told, old }: { readonly told: Supply; readonly old: boolean }): JSX.Element => {
  const app = useApp()
  const { supply } = app.wordsWith(planWords).plan
  const zone = app.me.value?.facilityTimeZone ?? 'UTC'
  const minute = Math.floor((app.live.now.value ?? told.serverTime) / minuteMs) * minuteMs
  const axis = useMemo(() => supplyAxis(minute, zone), [minute, zone])
  const all = supplyGroups.reduce((sum, group) => sum + told.counts[group], 0)
  return (
    <>
      {all === 0 ? (
        <p class="empty" data-testid="supply-empty">
          {supply.empty}
        </p>
      ) : (
        <div class="supply-list">
          <SupplyPattern />
          <SupplyAxisHead axis={axis} />
          {supplyGroups.map((group) => (
            <Group key={group} group={group} told={told} axis={axis} old={old} />
          ))}
        </div>
      )}
      <div class="supply-foot hint">
        {all > told.rows.length && <p>{supply.more(all - told.rows.length)}</p>}
        {told.idle > 0 && <p>{supply.idle(told.idle)}</p>}
        {all > 0 && <p>{supply.ofProgram}</p>}
        {all > 0 && <SupplyLegend />}
      </div>
    </>
  )
}

interface GroupProps {
  readonly group: SupplyGroup
  readonly told: Supply
  readonly axis: SupplyAxis
  readonly old: boolean
}

const Group = ({ group, told, axis, old }: GroupProps): JSX.Element | null => {
  const app = useApp()
  const { supply } = app.wordsWith(planWords).plan
  const rows = told.rows.filter((row) => row.group === group)
  if (rows.length === 0) return null
  return (
    <section class="supply-group" aria-labelledby={`supply-${group}`} data-testid="supply-group" data-group={group}>
      <h3 id={`supply-${group}`}>{supply.groups[group](app.formats.value.count(told.counts[group]))}</h3>
      <ol>
        {rows.map((row) => (
          <SupplyLine key={`${row.pump.pumpId} ${row.channelId ?? ''}`} row={row} axis={axis} old={old} />
        ))}
      </ol>
    </section>
  )
}
