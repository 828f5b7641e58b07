import { useSignal } from '@preact/signals'
import type { Signal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect, useMemo } from 'preact/hooks'
import type { AdherenceRow, JudgedRunView, TeamAdherence } from '#domain/live/adherence.ts'
import { keptCounts, keptMark, keptNotes } from '#dashboard/core/kept-look.ts'
import type { KeptNote } from '#dashboard/core/kept-look.ts'
import { keptWords } from '#dashboard/core/kept-words.ts'
import { nbsp } from '#dashboard/core/format.ts'
import { planWords } from '#dashboard/core/plan-words.ts'
import { mostWeeksAgo } from '#dashboard/core/plan-view.ts'
import type { PlanView } from '#dashboard/core/plan-view.ts'
import { Icon } from './icons.tsx'
import { KeptGlyph, KeptRuns } from './kept-runs.tsx'
import { goToPlan, PlanChoice, PlanFailed, PlanTeam } from './plan-parts.tsx'
import { useApp } from './state/app-state.ts'
import type { AppState } from './state/app-state.ts'
import { AdherenceModel } from './state/adherence-model.ts'
import { zonedTime } from './zoned-time.ts'

type Told = Omit<TeamAdherence, 'rows' | 'offset'>

/** Was the plan of these days kept? */
export const PlanWeek = ({ view }: { readonly view: PlanView }): JSX.Element => {
  const app = useApp()
  const { plan } = app.wordsWith(planWords)
  const model = useMemo(() => new AdherenceModel(app.link), [app])
  useEffect(() => model.show(view), [model, view])
  const told = model.told.value
  const rows = model.rows.value
  const failed = model.failure.value !== null
  return (
    <div class="week">
      <div class="plan-tools">
        <PlanChoice view={view} />
        <PlanTeam view={view} teams={told?.teams ?? []} />
        {told !== null && <Days view={view} told={told} />}
      </div>
      {failed && <PlanFailed kept={null} again={() => model.again(view)} />}
      {told === null && !failed && (
        <p class="empty" role="status">
          {app.wordsWith(keptWords).kept.loading}
        </p>
      )}
      {told !== null && (
        <>
          <Summary told={told} rows={rows} reading={model.reading.value} />
          {rows.length > 0 && <WeekTable told={told} rows={rows} />}
          {told.unplanned > 0 && <p class="hint plan-unplanned">{plan.week.unplanned(told.unplanned)}</p>}
        </>
      )}
    </div>
  )
}

const Days = ({ view, told }: { readonly view: PlanView; readonly told: Told }): JSX.Element => {
  const app = useApp()
  const { week } = app.wordsWith(planWords).plan
  const { day } = app.formats.value
  const [first, last] = [told.days[0], told.days.at(-1)]
  const step = (weeksAgo: number): void => goToPlan({ ...view, weeksAgo })
  return (
    <div class="week-days">
      <button
        class="btn icon-only"
        aria-label={week.earlier}
        disabled={view.weeksAgo >= mostWeeksAgo}
        onClick={() => step(view.weeksAgo + 1)}
      >
        <Icon name="back" size={18} />
      </button>
      <span data-testid="week-days">
        {first !== undefined && last !== undefined && week.days(day(first.from), day(last.from))}
      </span>
      <button
        class="btn icon-only later"
        aria-label={week.later}
        disabled={view.weeksAgo === 0}
        onClick={() => step(view.weeksAgo - 1)}
      >
        <Icon name="back" size={18} />
      </button>
    </div>
  )
}

interface SummaryProps {
  readonly told: Told
  readonly rows: readonly AdherenceRow[]
  readonly reading: boolean
}

const Summary = ({ told, rows, reading }: SummaryProps): JSX.Element => {
  const { week } = useApp().wordsWith(planWords).plan
  const { kept, differs, 'not-known': notKnown, open } = keptCounts(rows)
  return (
    <p class="week-summary" data-testid="week-summary" role="status">
      {reading && told.matched > 0 ? (
        week.reading(rows.length, told.matched)
      ) : told.matched === 0 ? (
        week.empty
      ) : (
        <b>{week.counts(kept, differs, notKnown, open)}</b>
      )}
    </p>
  )
}

const WeekTable = ({ told, rows }: { readonly told: Told; readonly rows: readonly AdherenceRow[] }): JSX.Element => {
  const app = useApp()
  const { week } = app.wordsWith(planWords).plan
  const opened = useSignal<string | null>(null)
  return (
    <div class="table-scroll week-scroll" tabIndex={0} role="region" aria-label={week.pump}>
      <table class="data-table week-table">
        <thead>
          <tr>
            <th scope="col">{week.pump}</th>
            {told.days.map(({ date, from, to }) => (
              <th key={date} scope="col">
                {app.formats.value.day(from)}
                {from <= told.serverTime && told.serverTime < to && <span class="second">{week.today}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <WeekRow key={row.pump.pumpId} row={row} days={told.days} opened={opened} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface RowProps {
  readonly row: AdherenceRow
  readonly days: Told['days']
  readonly opened: Signal<string | null>
}

const WeekRow = ({ row, days, opened }: RowProps): JSX.Element => {
  const app = useApp()
  const words = app.wordsWith(planWords, keptWords)
  const { pumpId, label, simulated } = row.pump
  const isOpen = opened.value === pumpId
  return (
    <>
      <tr data-testid="week-row" data-pump={pumpId}>
        <th scope="row">
          <button
            class="week-open"
            aria-expanded={isOpen}
            aria-label={words.plan.week.open(label ?? pumpId)}
            onClick={() => (opened.value = isOpen ? null : pumpId)}
          >
            {label ?? pumpId}
          </button>
          <span class="second">
            {label === null ? words.plan.noLabel : pumpId}
            {simulated && app.me.value?.demo !== true && <span class="supply-simulated"> {words.plan.simulated}</span>}
          </span>
        </th>
        {days.map(({ date, from }, at) => (
          <td key={date}>
            <Cell
              app={app}
              row={row}
              runs={row.runs.filter(({ day }) => day === at)}
              day={app.formats.value.day(from)}
            />
          </td>
        ))}
      </tr>
      {isOpen && (
        <tr class="week-more">
          <td colSpan={days.length + 1}>
            <KeptRuns runs={row.runs} timeZone={row.timeZone} />
          </td>
        </tr>
      )}
    </>
  )
}

interface CellProps {
  readonly app: AppState
  readonly row: AdherenceRow
  readonly runs: readonly JudgedRunView[]
  /** For a phone, where the cell stands alone. */
  readonly day: string
}

const Cell = ({ app, row, runs, day }: CellProps): JSX.Element => {
  const { week } = app.wordsWith(planWords).plan
  const { kept } = app.wordsWith(keptWords)
  if (runs.length === 0) return <span class="week-none">{week.none}</span>
  return (
    <ul class="week-cell">
      <li class="week-day">{day}</li>
      {runs.map((run) => {
        const mark = keptMark(run)
        return (
          <li key={run.startsAt} class={`is-${mark} ${mark === 'not-known' ? 'hatch' : ''}`} data-mark={mark}>
            <span class="plate">
              <KeptGlyph mark={mark} />
              <span class="sr">{kept.marks[mark]}: </span>
              <span>
                {keptNotes(run)
                  .map((note) => noteText(app, row, note))
                  .join(', ')}
              </span>
            </span>
          </li>
        )
      })}
    </ul>
  )
}

const noteText = (app: AppState, { timeZone }: AdherenceRow, note: KeptNote): string => {
  const { notes } = app.wordsWith(planWords).plan.week
  switch (note.what) {
    case 'not-started':
    case 'not-known':
    case 'runs':
    case 'due':
      return notes[note.what]
    case 'planned':
    case 'started':
    case 'late':
    case 'early':
    case 'ended-early':
      return notes[note.what](zonedTime(app, timeZone).time(note.at))
    case 'part':
      return notes.part(`${app.formats.value.percent(note.percent)}${nbsp}%`)
  }
}
