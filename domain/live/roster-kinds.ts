// The closed words of the list of pumps, without a schema library: pages read them from an address.

export const rosterSorts = [
  'label',
  'pump',
  'drug',
  'state',
  'rate',
  'time-left',
  'battery',
  'data-age',
  'hub',
  'team',
] as const

/**
 * `ending`: the program ends before the next 08:00 of the facility. `battery`: under 2 h on battery. `unheard`: for 1 h or more.
 * `adherence`: a planned delivery was missed, late or stopped early. `supply`: every program that runs, by its end.
 */
export const rosterFilters = ['all', 'ending', 'battery', 'unheard', 'adherence', 'supply'] as const
export type RosterFilter = (typeof rosterFilters)[number]
export type RosterSort = (typeof rosterSorts)[number]

/** The order that fits what is asked for. */
export const naturalSort: Readonly<Record<RosterFilter, RosterSort>> = {
  all: 'label',
  ending: 'time-left',
  battery: 'battery',
  unheard: 'label',
  adherence: 'label',
  supply: 'time-left',
}
