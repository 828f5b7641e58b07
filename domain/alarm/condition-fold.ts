import { EpisodeId } from '../ids.ts'
import { higherPriority } from './priority-rank.ts'
import type { AlarmPolicy } from './policy.ts'
import { datedMoment, elapsedMs, type Moment } from './moment.ts'
import type { inOrder } from './report-order.ts'
import type { SnapshotReport } from './reports.ts'
import type { FoldedEpisode, Series } from './series.ts'
import { derivedStatementOf, momentOf, statementOf, type Statement } from './statement.ts'

// The CONDITION region as a function of the ordered reports: alarms.md rules 1 to 3 and 7. Nothing here knows about people.

type Fold = Map<string, Series>

const latestOf = (series: Series): FoldedEpisode | undefined => series.episodes.at(-1)

const withLatest = (series: Series, latest: FoldedEpisode): Series => ({
  ...series,
  episodes: [...series.episodes.slice(0, -1), latest],
})

const ownId = (fold: Fold, statement: Statement): EpisodeId => {
  const taken = new Set([...fold.values()].flatMap((series) => series.episodes.map((e) => e.episodeId)))
  let id = statement.episodeId
  for (let suffix = statement.nth; taken.has(id); suffix += 1)
    id = EpisodeId.parse(`${statement.episodeId.slice(0, 48)}.${suffix}`)
  return id
}

const newEpisode = (episodeId: EpisodeId, statement: Statement): FoldedEpisode => ({
  episodeId,
  condition: {
    ...statement.told,
    aliases: [statement.episodeId],
    open: true,
    verified: true,
    startedAt: statement.at,
    uncertaintyMs: statement.uncertaintyMs,
    observedAt: statement.observedAt,
    lastStartedAt: statement.at,
    endedAt: null,
    endUnobserved: false,
    cameLate: statement.late,
    late: statement.late,
    recurrence: 0,
    recurring: false,
  },
  statedAt: statement.late ? null : statement.vouchesAt,
  namedAt: statement.vouchesAt,
  namedIn: statement.boot,
  endedBy: null,
})

const againPresent = (was: FoldedEpisode, statement: Statement): FoldedEpisode => ({
  ...was,
  condition: {
    ...was.condition,
    open: true,
    lastStartedAt: statement.at,
    endedAt: null,
    endUnobserved: false,
    cameLate: statement.late,
    late: statement.late,
    recurrence: was.condition.recurrence + 1,
  },
  statedAt: statement.late ? null : statement.vouchesAt,
  endedBy: null,
})

/** The first, which names the episode, and the latest few: a flapping alarm may get hundreds. */
const withAlias = (aliases: readonly EpisodeId[], id: EpisodeId): EpisodeId[] =>
  aliases.includes(id) ? [...aliases] : [...aliases.slice(0, 1), ...aliases.slice(1).slice(-30), id]

/** What every statement adds to its episode, also one that ends it. */
const named = (was: FoldedEpisode, statement: Statement, present: boolean): FoldedEpisode => {
  const { condition } = was
  const fresh = present && !statement.late
  return {
    ...was,
    condition: {
      ...condition,
      ...(present ? statement.told : {}),
      reportedPriority: condition.reportedPriority,
      reportedSource: condition.reportedSource,
      vendorText: statement.told.vendorText ?? condition.vendorText,
      aliases: withAlias(condition.aliases, statement.episodeId),
      observedAt: Math.min(condition.observedAt, statement.observedAt),
      late: condition.late && !fresh,
      simulated: condition.simulated || statement.told.simulated,
      experimental: condition.experimental || statement.told.experimental,
    },
    statedAt: fresh ? statement.vouchesAt : was.statedAt,
    namedAt: statement.vouchesAt,
    namedIn: statement.boot,
  }
}

/** Several hub episodes of one code may be present at once; the most urgent counts. */
const withReportedPriority = (series: Series): Series => {
  const latest = latestOf(series)
  const first = series.open[0]
  if (latest === undefined || first === undefined) return series
  const top = series.open.reduce((a, b) => (higherPriority(a.priority, b.priority) === a.priority ? a : b), first)
  const condition = { ...latest.condition, reportedPriority: top.priority, reportedSource: top.source }
  return withLatest(series, { ...latest, condition })
}

const opened = (series: Series, statement: Statement): Series['open'] => [
  ...series.open.filter((one) => one.episodeId !== statement.episodeId),
  {
    episodeId: statement.episodeId,
    priority: statement.told.reportedPriority,
    source: statement.told.reportedSource,
  },
]

const pick = ({ at, boot, monotonicMs }: Moment): Moment => ({ at, boot, monotonicMs })

const start = (fold: Fold, series: Series, statement: Statement, policy: AlarmPolicy): Series => {
  const within = series.starts.filter((moment) => elapsedMs(moment, statement) < policy.recurringWithinMs)
  const starts = [...within, pick(statement)].slice(-policy.recurringCount - 1)
  const last = latestOf(series)
  const gapMs = elapsedMs(last?.endedBy ?? datedMoment(last?.condition.endedAt ?? -Infinity), statement)
  const same = last !== undefined && gapMs >= 0 && gapMs <= policy.sameEpisodeMs
  const episode = same ? againPresent(last, statement) : newEpisode(ownId(fold, statement), statement)
  const recurring = (same && episode.condition.recurring) || starts.length > policy.recurringCount
  return {
    ...series,
    starts,
    episodes: [
      ...(same ? series.episodes.slice(0, -1) : series.episodes),
      { ...episode, condition: { ...episode.condition, recurring } },
    ],
  }
}

const present = (fold: Fold, statement: Statement, policy: AlarmPolicy): void => {
  const series = fold.get(statement.series) ?? { key: statement.series, open: [], starts: [], episodes: [] }
  const running = series.open.length > 0 ? series : start(fold, series, statement, policy)
  const latest = latestOf(running)
  if (latest === undefined) return
  const next = { ...withLatest(running, named(latest, statement, true)), open: opened(running, statement) }
  fold.set(statement.series, withReportedPriority(next))
}

type EndMoment = Moment & Pick<Statement, 'uncertaintyMs'>

const over = (fold: Fold, series: Series, moment: EndMoment, unobserved: boolean): void => {
  const latest = latestOf(series)
  if (latest === undefined) return
  // By dates a run may seem to end before it began: the server's clock was put back in between.
  const endedAt = Math.max(moment.at, latest.condition.lastStartedAt)
  // A boot that was killed before it had an anchor is dated between its neighbours: its end may be known much worse than the start.
  const uncertaintyMs = Math.max(latest.condition.uncertaintyMs, moment.uncertaintyMs)
  const condition = { ...latest.condition, open: false, endedAt, endUnobserved: unobserved, uncertaintyMs }
  fold.set(series.key, { ...withLatest(series, { ...latest, condition, endedBy: pick(moment) }), open: [] })
}

const ended = (fold: Fold, statement: Statement, policy: AlarmPolicy): void => {
  const series = fold.get(statement.series)
  const isOpen = series?.open.some((one) => one.episodeId === statement.episodeId) ?? false
  if (series !== undefined && isOpen) {
    const open = series.open.filter((one) => one.episodeId !== statement.episodeId)
    const latest = latestOf(series)
    if (latest === undefined) return
    const next = { ...withLatest(series, named(latest, statement, false)), open }
    if (open.length > 0) fold.set(series.key, withReportedPriority(next))
    else over(fold, next, statement, false)
    return
  }
  if (series?.episodes.some((one) => one.condition.aliases.includes(statement.episodeId)) === true) return
  // Another hub episode of this code is present: an end that names an unknown one ends nothing.
  if (series !== undefined && series.open.length > 0) {
    const latest = latestOf(series)
    if (latest !== undefined) fold.set(series.key, withLatest(series, named(latest, statement, false)))
    return
  }
  present(fold, statement, policy)
  const zeroLength = fold.get(statement.series)
  if (zeroLength !== undefined) over(fold, zeroLength, statement, false)
}

/** The full list: what is not on it has ended, and if nobody was listening meanwhile, nobody saw the end. */
const reconcile = (fold: Fold, report: SnapshotReport, losses: readonly number[], policy: AlarmPolicy): void => {
  const listed = report.alarms.map((condition) => statementOf(report, condition)).filter((one) => one.present)
  const moment = { ...momentOf(report), uncertaintyMs: report.uncertaintyMs }
  const { at, boot } = moment
  for (const series of fold.values()) {
    const latest = latestOf(series)
    if (series.open.length === 0 || latest?.condition.source !== 'hub') continue
    const still = new Set(listed.filter((one) => one.series === series.key).map((one) => one.episodeId))
    const unheard = latest.namedIn !== boot || losses.some((lostAt) => lostAt >= latest.namedAt && lostAt <= at)
    if (still.size === 0) over(fold, series, moment, unheard)
    else {
      const open = series.open.filter((one) => still.has(one.episodeId))
      // A restarted hub has new ids for what is still present: the condition goes on under them.
      fold.set(series.key, { ...series, open: open.length > 0 ? open : series.open.slice(-1) })
    }
  }
  for (const statement of listed) {
    present(fold, statement, policy)
    const series = fold.get(statement.series)
    const ids = new Set(listed.filter((one) => one.series === statement.series).map((one) => one.episodeId))
    if (series !== undefined)
      fold.set(
        series.key,
        withReportedPriority({ ...series, open: series.open.filter((one) => ids.has(one.episodeId)) }),
      )
  }
}

/** Present when last heard; heard since the last loss of the link, by a record that was not late? */
const judged = (episode: FoldedEpisode, lastLoss: number): FoldedEpisode => {
  const { condition, statedAt } = episode
  const verified = !condition.open || condition.source === 'server' || (statedAt !== null && statedAt >= lastLoss)
  return { ...episode, condition: { ...condition, verified } }
}

export const foldReports = (
  base: readonly Series[],
  ordered: ReturnType<typeof inOrder>,
  losses: readonly number[],
  policy: AlarmPolicy,
): readonly Series[] => {
  const fold: Fold = new Map(base.map((series) => [series.key, series]))
  for (const { report } of ordered.hub) {
    if (report.kind === 'snapshot') reconcile(fold, report, losses, policy)
    else {
      const statement = statementOf(report, report.condition)
      if (statement.present) present(fold, statement, policy)
      else ended(fold, statement, policy)
    }
  }
  for (const report of ordered.derived) {
    const statement = derivedStatementOf(report)
    if (statement.present) present(fold, statement, policy)
    else ended(fold, statement, policy)
  }
  const lastLoss = Math.max(-Infinity, ...losses)
  return [...fold.values()].map((series) => ({
    ...series,
    episodes: series.episodes.map((episode) => judged(episode, lastLoss)),
  }))
}
