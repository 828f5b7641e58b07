import type { AnalyticsGroup } from '#domain/live/analytics.ts'

// What the history screen shows is in its address, so that a number can be sent to a colleague: never a label, never a name. Pure.

export const historyViews = ['figures', 'episodes', 'replay'] as const
export type HistoryView = (typeof historyViews)[number]
export const historyRanges = ['24h', '7d', '30d', '90d'] as const
export type HistoryRange = (typeof historyRanges)[number]
export const analyticsGroups: readonly AnalyticsGroup[] = ['code', 'pump', 'firmware', 'team']

const hourMs = 3_600_000
export const rangeMs: Readonly<Record<HistoryRange, number>> = {
  '24h': 24 * hourMs,
  '7d': 7 * 24 * hourMs,
  '30d': 30 * 24 * hourMs,
  '90d': 90 * 24 * hourMs,
}

/** As the server names them; it refuses what it does not know. */
export const filterNames = ['code', 'pumpId', 'priority', 'class', 'trait'] as const
export type FilterName = (typeof filterNames)[number]
export type EpisodeFilter = Readonly<Partial<Record<FilterName, string>>>

export interface HistoryQuery {
  readonly view: HistoryView
  readonly range: HistoryRange
  readonly by: AnalyticsGroup
  readonly simulated: boolean
  readonly filter: EpisodeFilter
  /** One episode's timeline. */
  readonly episode: string | null
  /** The moment that is replayed, ms; null: none chosen yet. */
  readonly at: number | null
}

const oneOf = <T extends string>(known: readonly T[], value: string | null, otherwise: T): T =>
  known.find((one) => one === value) ?? otherwise

/** `demo`: the whole site is a demonstration, so simulated alarms are what there is. */
export const parseHistory = (query: string | undefined, demo: boolean): HistoryQuery => {
  const said = new URLSearchParams(query ?? '')
  const at = Number(said.get('at') ?? '')
  const filter = filterNames.flatMap((name) => {
    const value = said.get(name)
    return value === null || value === '' ? [] : [[name, value] as const]
  })
  return {
    view: oneOf(historyViews, said.get('view'), 'figures'),
    range: oneOf(historyRanges, said.get('range'), '7d'),
    by: oneOf(analyticsGroups, said.get('by'), 'code'),
    simulated: said.has('simulated') ? said.get('simulated') === 'true' : demo,
    filter: Object.fromEntries(filter),
    episode: said.get('episode'),
    at: Number.isSafeInteger(at) && at > 0 ? at : null,
  }
}

export const formatHistory = (query: HistoryQuery): string => {
  const { view, range, by, simulated, filter, episode, at } = query
  const said = new URLSearchParams({ view, range, by, simulated: String(simulated) })
  for (const name of filterNames) {
    const value = filter[name]
    if (value !== undefined && value !== '') said.set(name, value)
  }
  if (episode !== null) said.set('episode', episode)
  if (at !== null) said.set('at', String(at))
  return said.toString()
}

/** The filter of a row of figures: which of its groups can be asked for by episode. */
export const filterOfGroup = (by: AnalyticsGroup, key: string): EpisodeFilter | null => {
  switch (by) {
    case 'code':
      return { code: key }
    case 'pump':
      return key === '-' ? null : { pumpId: key }
    case 'firmware':
    case 'team':
      return null
  }
}
