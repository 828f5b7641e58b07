import { formatHistory, rangeMs } from '#dashboard/core/history-query.ts'
import type { EpisodeFilter, HistoryQuery } from '#dashboard/core/history-query.ts'
import { routeTo } from '#dashboard/core/route.ts'
import type { AppState } from './state/app-state.ts'

export const historyHref = (query: HistoryQuery): string => routeTo({ name: 'history', query: formatHistory(query) })

/** The episodes behind a number. */
export const episodesHref = (query: HistoryQuery, filter: EpisodeFilter): string =>
  historyHref({ ...query, view: 'episodes', episode: null, filter })

const minuteMs = 60_000

/** From when to when, on whole minutes so that a screen that is drawn again asks the same. `now`: server time, ms. */
export const spanOf = ({ range }: HistoryQuery, now: number): { readonly from: number; readonly to: number } => {
  const to = Math.ceil(now / minuteMs) * minuteMs
  return { from: to - rangeMs[range], to }
}

/** Server time once the page knows it. */
export const serverNow = (app: AppState): number => app.live.now.value ?? Date.now()
