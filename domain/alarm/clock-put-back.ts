import type { AlarmEvent } from './events.ts'
import type { Report } from './reports.ts'
import type { FoldedEpisode } from './series.ts'
import type { AlarmState } from './state.ts'

// Whatever is known has happened by now. What is dated later was dated by a clock of the server that has been put back since, and would
// compare wrongly with everything that follows: a loss in the future leaves what is heard unverified until the clock comes there
// again, a list in the future vouches for what nobody hears.

/** A tick may see a moment that was taken just before it, ms. */
const toleranceMs = 1_000

const datedLatest = (report: Report): number =>
  report.kind === 'derived' ? -Infinity : (report.vouchesAt ?? report.occurredAt - report.uncertaintyMs)

export const clockEvents = (state: AlarmState, at: number): readonly AlarmEvent[] => {
  const isAhead = (date: number): boolean => date > at + toleranceMs
  const isPutBack =
    state.losses.some(isAhead) ||
    state.reports.some((report) => isAhead(datedLatest(report))) ||
    Object.values(state.episodes).some(({ closedAt, unownedSince }) => closedAt === null && isAhead(unownedSince))
  return isPutBack ? [{ type: 'clock-put-back', at }] : []
}

/**
 * Nothing known vouches for a moment after `at`. Which of a loss and a list came first is not known any more, so the next list has to
 * vouch again. Dates themselves stay as they were told: between two boots they measure.
 */
export const evolvePutBack = (state: AlarmState, at: number): AlarmState => {
  const by = (date: number): number => Math.min(date, at)
  const before = (date: number): number => Math.min(date, at - 1)
  const report = (one: Report): Report =>
    one.kind === 'derived' || one.occurredAt < at ? one : { ...one, vouchesAt: before(one.vouchesAt ?? one.occurredAt) }
  const folded = (one: FoldedEpisode): FoldedEpisode => ({
    ...one,
    statedAt: one.statedAt === null ? null : before(one.statedAt),
    namedAt: before(one.namedAt),
  })
  const episodes = Object.values(state.episodes).map((episode) => {
    const { episodeId, calledAt, unownedSince } = episode
    return [episodeId, { ...episode, calledAt: by(calledAt), unownedSince: by(unownedSince) }] as const
  })
  return {
    ...state,
    losses: state.losses.map(by),
    reports: state.reports.map(report),
    base: state.base.map((series) => ({ ...series, episodes: series.episodes.map(folded) })),
    episodes: Object.fromEntries(episodes),
  }
}
