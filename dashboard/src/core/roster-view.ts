import { naturalSort, rosterFilters, rosterSorts } from '#domain/live/roster-kinds.ts'
import type { RosterFilter, RosterSort } from '#domain/live/roster-kinds.ts'
import type { TeamId } from '#domain/on-call/duty.ts'
import { columnIds } from './roster-columns.ts'
import type { ColumnId } from './roster-columns.ts'

/** What the address of the list says. What somebody searches for is never part of it: it may be a name. */
export interface RosterView {
  readonly filter: RosterFilter
  readonly teamId: TeamId | null
  /** Null: as fits the filter. */
  readonly sort: RosterSort | null
  readonly descending: boolean
  /** Columns that are not shown. */
  readonly hidden: readonly ColumnId[]
}

export const plainView: RosterView = { filter: 'all', teamId: null, sort: null, descending: false, hidden: [] }

/** Whatever it does not know it leaves out: an address may be old, or typed. */
export const parseView = (query: string | undefined): RosterView => {
  const params = new URLSearchParams(query ?? '')
  const hidden = (params.get('hide') ?? '').split(',')
  return {
    filter: known(rosterFilters, params.get('view')) ?? 'all',
    teamId: teamOf(params.get('team')),
    sort: known(rosterSorts, params.get('sort')),
    descending: params.get('desc') === '1',
    hidden: columnIds.filter((id) => hidden.includes(id)),
  }
}

const isTeamId = (word: string): word is TeamId => /^[a-z0-9][a-z0-9-]{0,31}$/.test(word)

/** As a team's id is written; null: it is none. */
export const teamOf = (word: string | null): TeamId | null => (word !== null && isTeamId(word) ? word : null)

export const sortNamed = (word: string): RosterSort | null => known(rosterSorts, word)

const known = <T extends string>(options: readonly T[], word: string | null): T | null =>
  options.find((option) => option === word) ?? null

/** Empty for the plain list. */
export const queryOf = ({ filter, teamId, sort, descending, hidden }: RosterView): string => {
  const said: [string, string][] = [
    ...(filter === 'all' ? [] : [['view', filter] satisfies [string, string]]),
    ...(teamId === null ? [] : [['team', teamId] satisfies [string, string]]),
    ...(sort === null ? [] : [['sort', sort] satisfies [string, string]]),
    ...(descending ? [['desc', '1'] satisfies [string, string]] : []),
    ...(hidden.length === 0 ? [] : [['hide', hidden.join()] satisfies [string, string]]),
  ]
  return new URLSearchParams(said).toString()
}

/** The same column again turns the order round. */
export const sortedBy = (view: RosterView, sort: RosterSort, shown: RosterSort): RosterView => ({
  ...view,
  sort,
  descending: shown === sort ? !view.descending : false,
})

/** The order that is shown, also where the address does not name one. */
export const shownSort = ({ filter, sort }: RosterView): RosterSort => sort ?? naturalSort[filter]
