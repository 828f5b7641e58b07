import { defaultAlarmPolicy } from '#domain/alarm/policy.ts'
import type { EpisodeId } from '#domain/ids.ts'
import type { OracleFinding } from './finding.ts'
import { settleMs } from './judge-alarms.ts'
import type { SeenEpisode } from './log.ts'
import { clearSpans, type Paths } from './paths.ts'
import type { Played } from './play.ts'

/** Whose word is waited for, and since which act; null: nobody's. */
const wordOf = ({ after }: SeenEpisode): { readonly of: string; readonly mostMs: number } | null => {
  if (after === null || after.closedAt !== null || !after.condition.open) return null
  const { owner, checkedAt, resolution } = after.response
  const { priority } = after.shown
  if (owner === null || resolution !== null || (priority !== 'high' && priority !== 'medium')) return null
  const { everyMs, lapseAfterMs } = defaultAlarmPolicy.checkIn[priority]
  return { of: `${owner.userId} ${priority} ${checkedAt}`, mostMs: everyMs + (lapseAfterMs ?? 0) + settleMs }
}

/** Nobody keeps an alarm that goes on without a word: an act of its owner, or it is asked anew. */
export const judgeCheckIns = ({ driver, endMs }: Played, paths: Paths): readonly OracleFinding[] => {
  const broken = [...paths.server, ...paths.clock]
  const forgotten = (id: EpisodeId, list: readonly SeenEpisode[]): readonly OracleFinding[] =>
    list.flatMap((seen, place): readonly OracleFinding[] => {
      const word = wordOf(seen)
      const before = list[place - 1]
      if (word === null || (before !== undefined && wordOf(before)?.of === word.of)) return []
      const next = list.slice(place).find((one) => wordOf(one)?.of !== word.of)
      const toMs = next?.atMs ?? endMs
      const silent = clearSpans(broken, seen.atMs, toMs).find((span) => span.toMs - span.fromMs > word.mostMs)
      if (silent === undefined) return []
      const what = `${id} is kept from ${silent.fromMs} to ${silent.toMs} ms without a word: ${word.of}`
      return [{ kind: 'forgotten', what }]
    })
  return [...Map.groupBy(driver.seen, ({ episodeId }) => episodeId)].flatMap(([id, list]) => forgotten(id, list))
}
