import type { EpisodeId } from '#domain/ids.ts'
import type { OracleFinding } from './finding.ts'
import { settleMs } from './judge-alarms.ts'
import type { SeenEpisode, TrueRun } from './log.ts'
import { firstClear, type Paths } from './paths.ts'
import type { Played } from './play.ts'

/** What is over at the pump is over on the server as soon as nothing is wrong on the way, not only in the end. */
export const judgeEnds = (played: Played, paths: Paths): readonly OracleFinding[] => {
  const { driver, endMs } = played
  const histories = Map.groupBy(driver.seen, ({ episodeId }) => episodeId)
  return driver.runs.flatMap((run): readonly OracleFinding[] => {
    const clearMs = firstClear(paths.toServer(run.pump), run.endMs, settleMs, endMs)
    if (clearMs === null) return []
    const byMs = clearMs + settleMs
    if (driver.runs.some((other) => isAgain(run, other, byMs))) return []
    const open = [...histories].filter(([id, seen]) => isOpenAt(seen, byMs) && isOf(played, id, seen, run))
    return open.map(([id]) => ({
      kind: 'not-ended',
      what: `${run.code} of pump ${run.pump} is over since ${run.endMs} ms (clear from ${clearMs} ms on) and ${id} is open at ${byMs} ms`,
    }))
  })
}

/** The same alarm again: its episode may go on. */
const isAgain = (run: TrueRun, other: TrueRun, byMs: number): boolean =>
  other.pump === run.pump && other.code === run.code && other.startMs >= run.endMs && other.startMs <= byMs

const isOpenAt = (seen: readonly SeenEpisode[], atMs: number): boolean =>
  seen.findLast((one) => one.atMs <= atMs)?.after?.condition.open === true

const isOf = ({ driver }: Played, id: EpisodeId, seen: readonly SeenEpisode[], run: TrueRun): boolean =>
  [id, ...(seen.at(-1)?.after?.condition.aliases ?? [])].some((alias) => driver.told.get(alias)?.has(run) === true)
