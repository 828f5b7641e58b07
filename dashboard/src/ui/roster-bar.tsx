import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { rosterFilters, rosterSorts } from '#domain/live/roster-kinds.ts'
import { rosterWords } from '#dashboard/core/roster-words.ts'
import { columnIds } from '#dashboard/core/roster-columns.ts'
import { queryOf, shownSort, sortNamed, teamOf } from '#dashboard/core/roster-view.ts'
import type { RosterView } from '#dashboard/core/roster-view.ts'
import { routeTo } from '#dashboard/core/route.ts'
import { Modal } from './modal.tsx'
import { useApp } from './state/app-state.ts'
import { AssignButton } from './roster-assign.tsx'
import type { AssignModel } from './state/assign-model.ts'
import type { RosterModel } from './state/roster-model.ts'

export interface RosterPartProps {
  readonly roster: RosterModel
  readonly assign: AssignModel
  readonly view: RosterView
  readonly goTo: (view: RosterView) => void
}

/** Saved views, search, team and columns; on a phone one line, with a sheet behind "Filter". */
export const RosterBar = ({ isPhone, ...props }: RosterPartProps & { readonly isPhone: boolean }): JSX.Element => {
  const app = useApp()
  const { formats } = app
  const words = app.wordsWith(rosterWords)
  const told = props.roster.told.value
  return (
    <div class="roster-bar">
      <div class="roster-head">
        <h2 id="roster-title">{words.roster.title}</h2>
        {told !== null && (
          <span class="hint" data-testid="roster-counts">
            {words.roster.counts(formats.value.count(told.matched), formats.value.count(told.total))}
          </span>
        )}
        {told !== null && <Refresh {...props} at={told.serverTime} />}
      </div>
      {!isPhone && <Views {...props} />}
      <div class="roster-tools">
        <Search {...props} />
        {isPhone ? (
          <Sheet {...props} />
        ) : (
          <>
            <Team {...props} />
            <AssignButton assign={props.assign} />
            <Columns {...props} />
          </>
        )}
      </div>
    </div>
  )
}

const Refresh = ({ roster, at }: RosterPartProps & { readonly at: number }): JSX.Element => {
  const app = useApp()
  const { formats } = app
  const words = app.wordsWith(rosterWords)
  return (
    <span class="roster-order hint">
      {words.roster.resultOf(formats.value.momentSeconds(at, app.live.now.value ?? at))}
      <button class="btn quiet" onClick={() => roster.refresh()}>
        {words.roster.refresh}
      </button>
    </span>
  )
}

/** Addresses of their own: a view can be kept as a bookmark. */
const Views = ({ view }: RosterPartProps): JSX.Element => {
  const words = useApp().wordsWith(rosterWords)
  return (
    <nav class="segmented roster-views" aria-label={words.roster.savedViews}>
      {rosterFilters.map((filter) => {
        const query = queryOf({ ...view, filter, sort: null, descending: false })
        return (
          <a
            key={filter}
            href={routeTo(query === '' ? { name: 'pumps' } : { name: 'pumps', query })}
            aria-current={filter === view.filter ? 'true' : undefined}
          >
            {words.roster.views[filter]}
          </a>
        )
      })}
    </nav>
  )
}

const Search = ({ roster }: RosterPartProps): JSX.Element => {
  const words = useApp().wordsWith(rosterWords)
  return (
    <input
      class="roster-search"
      type="search"
      // A name may be looked for: no browser may keep it.
      autoComplete="off"
      spellcheck={false}
      maxLength={100}
      aria-label={words.roster.search}
      placeholder={words.roster.search}
      value={roster.search.value}
      onInput={(event) => roster.find(event.currentTarget.value)}
    />
  )
}

const Team = ({ roster, view, goTo }: RosterPartProps): JSX.Element | null => {
  const words = useApp().wordsWith(rosterWords)
  const teams = roster.told.value?.teams ?? []
  if (teams.length < 2) return null
  return (
    <label class="roster-team">
      <span class="sr">{words.roster.team}</span>
      <select
        value={view.teamId ?? ''}
        onChange={(event) => goTo({ ...view, teamId: teamOf(event.currentTarget.value) })}
      >
        <option value="">{words.roster.allTeams}</option>
        {teams.map(({ teamId, name }) => (
          <option key={teamId} value={teamId}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}

const Columns = ({ view, goTo }: RosterPartProps): JSX.Element => {
  const words = useApp().wordsWith(rosterWords)
  return (
    <details class="menu">
      <summary class="btn">{words.roster.columns}</summary>
      <div class="menu-panel">
        {columnIds.map((id) => (
          <label key={id} class="column-choice">
            <input
              type="checkbox"
              checked={!view.hidden.includes(id)}
              onChange={(event) =>
                goTo({
                  ...view,
                  hidden: event.currentTarget.checked
                    ? view.hidden.filter((hidden) => hidden !== id)
                    : columnIds.filter((known) => known === id || view.hidden.includes(known)),
                })
              }
            />
            {words.roster.heads[id]}
          </label>
        ))}
      </div>
    </details>
  )
}

const Sheet = (props: RosterPartProps): JSX.Element => {
  const words = useApp().wordsWith(rosterWords)
  const open = useSignal(false)
  const { view, goTo } = props
  const close = (): void => void (open.value = false)
  return (
    <>
      <button class="btn" data-testid="filter-sheet" onClick={() => (open.value = true)}>
        {words.roster.filter}
      </button>
      {open.value && (
        <Modal title={words.roster.filterTitle} close={close}>
          <form class="roster-sheet" method="dialog">
            <fieldset class="choices">
              <legend>{words.roster.show}</legend>
              {rosterFilters.map((filter) => (
                <label key={filter}>
                  <input
                    type="radio"
                    name="view"
                    checked={filter === view.filter}
                    onChange={() => goTo({ ...view, filter, sort: null, descending: false })}
                  />
                  {words.roster.views[filter]}
                </label>
              ))}
            </fieldset>
            <Team {...props} />
            <label class="field">
              <span>{words.roster.sortedBy}</span>
              <select
                value={shownSort(view)}
                onChange={(event) => goTo({ ...view, sort: sortNamed(event.currentTarget.value) })}
              >
                {rosterSorts
                  .filter((sort) => sort !== 'pump')
                  .map((sort) => (
                    <option key={sort} value={sort}>
                      {words.roster.heads[sort]}
                    </option>
                  ))}
              </select>
            </label>
            <button class="btn primary wide">{words.roster.show}</button>
          </form>
        </Modal>
      )}
    </>
  )
}
