import { alarmBehaviour } from '#simulators/core/pump-alarms.ts'
import { defaultPagingPolicy } from '#domain/paging/policy.ts'
import type { EpisodeId } from '#domain/ids.ts'
import type { OracleFinding } from './finding.ts'
import { settleMs } from './judge-alarms.ts'
import type { SeenEpisode, SentPage, TrueRun } from './log.ts'
import { firstClear, isClear, type Paths } from './paths.ts'
import { isDemoPerson } from './people.ts'
import type { Played } from './play.ts'

/** A record older than this when it arrives does not ring by itself (alarms.md rule 7). */
const lateMs = 120_000

const policyMs = (run: TrueRun, played: Played): number | null => {
  const { priority } = alarmBehaviour[run.code]
  if (priority === 'low') return null
  const ladder = defaultPagingPolicy[priority]
  const isStandard = played.pumps[run.pump]?.criticality === 'standard'
  return isStandard ? ladder.holdOffMs : ladder.holdOffCriticalMs
}

export const judgePages = (played: Played, paths: Paths): readonly OracleFinding[] => {
  const seenOf = Map.groupBy(played.driver.seen, ({ episodeId }) => episodeId)
  const sights: Sights = {
    first: (id) => seenOf.get(id)?.[0],
    last: (id, order) => seenOf.get(id)?.findLast((one) => one.order < order),
    latest: (id) => seenOf.get(id)?.findLast(({ after }) => after !== null),
  }
  return [...judgeReached(played, paths, sights), ...judgeEach(played, paths, sights)]
}

/** What commits of the server showed of an episode. */
interface Sights {
  readonly first: (id: EpisodeId) => SeenEpisode | undefined
  readonly last: (id: EpisodeId, order: number) => SeenEpisode | undefined
  readonly latest: (id: EpisodeId) => SeenEpisode | undefined
}

/** Every alarm that lasts reaches somebody within policy time after the faults on its way have stopped. */
const judgeReached = (played: Played, paths: Paths, sights: Sights): readonly OracleFinding[] => {
  const { driver, endMs } = played
  const findings: OracleFinding[] = []
  const takenPages = new Map<TrueRun, number[]>()
  for (const { page, atMs, taken } of driver.pages) {
    if (!taken) continue
    for (const id of page.episodeIds)
      for (const run of siblings(played, id, sights.latest(id)))
        takenPages.set(run, [...(takenPages.get(run) ?? []), atMs])
  }
  for (const run of driver.runs) {
    const holdOffMs = policyMs(run, played)
    if (holdOffMs === null) continue
    const broken = [...paths.toServer(run.pump), ...paths.channels]
    const lastsMs = holdOffMs + settleMs
    const fromMs = firstClear(broken, run.startMs, lastsMs, Math.min(run.endMs, endMs))
    if (fromMs === null) continue
    const inTime = (takenPages.get(run) ?? []).some((atMs) => atMs <= fromMs + lastsMs)
    if (!inTime)
      findings.push({
        kind: 'not-paged',
        what: `${run.code} of pump ${run.pump} from ${run.startMs} ms (clear from ${fromMs} ms on): nobody until ${fromMs + lastsMs} ms`,
      })
  }
  return findings
}

/** Alarms of the same episode as the server knew it then: a re-start within a minute goes on asking where it was. */
const siblings = ({ driver }: Played, id: EpisodeId, seen: SeenEpisode | undefined): ReadonlySet<TrueRun> =>
  new Set([id, ...(seen?.after?.condition.aliases ?? [])].flatMap((alias) => [...(driver.told.get(alias) ?? [])]))

const asks = ({ after }: SeenEpisode): boolean =>
  after !== null &&
  after.closedAt === null &&
  after.condition.open &&
  !after.condition.late &&
  after.response.owner === null &&
  after.response.resolution === null

const judgeEach = (played: Played, paths: Paths, sights: Sights): readonly OracleFinding[] => {
  const { driver } = played
  const findings: OracleFinding[] = []
  for (const sent of driver.pages) {
    const { page, atMs, userId, order } = sent
    const who = `${page.kind} page ${page.notificationId} of ${page.episodeIds.join()} to ${userId} at ${atMs} ms`
    if (isDemoPerson(userId) !== page.simulated) findings.push({ kind: 'paged-the-wrong-person', what: who })
    if (page.kind !== 'alarm') continue
    const seen = page.episodeIds.map((id) => sights.last(id, order))
    if (seen.every((one) => one !== undefined && !asks(one)))
      findings.push({
        kind: seen.some((one) => (one?.after?.response.owner ?? null) !== null)
          ? 'paged-when-answered'
          : 'paged-when-over',
        what: who,
      })
    if (isOld(played, paths, sent, sights)) findings.push({ kind: 'paged-when-over', what: who })
    if (rangLate(played, paths, sent, sights)) findings.push({ kind: 'late-rang', what: who })
  }
  return findings
}

const runsNamed = (played: Played, { page, order }: SentPage, sights: Sights): readonly TrueRun[] | null => {
  const runs = page.episodeIds.map((id) => siblings(played, id, sights.last(id, order)))
  // One of them is no pump's: the server concluded it.
  return runs.some(({ size }) => size === 0) ? null : runs.flatMap((one) => [...one])
}

/** All of it was over, and there was time to hear so. */
const isOld = (played: Played, paths: Paths, sent: SentPage, sights: Sights): boolean => {
  const runs = runsNamed(played, sent, sights)
  return (
    runs !== null &&
    runs.every(
      ({ endMs, pump }) => endMs < sent.atMs && firstClear(paths.toServer(pump), endMs, settleMs, sent.atMs) !== null,
    )
  )
}

/** All of it was over long before the server heard of it first. */
const rangLate = (played: Played, paths: Paths, sent: SentPage, sights: Sights): boolean => {
  const runs = runsNamed(played, sent, sights)
  const first = Math.min(...sent.page.episodeIds.map((id) => sights.first(id)?.atMs ?? -Infinity))
  return (
    runs !== null &&
    runs.every(({ startMs, endMs }) => endMs + lateMs < first && isClear(paths.clock, startMs, sent.atMs))
  )
}
