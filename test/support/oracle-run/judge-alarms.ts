import type { OracleFinding } from './finding.ts'
import type { FinalEpisode } from './final-episodes.ts'
import { hubIdOf } from './hub-id.ts'
import type { TrueRun } from './log.ts'
import { isClear, type Paths } from './paths.ts'
import { people } from './people.ts'
import type { Played } from './play.ts'

/** Backoff, a heartbeat, the list it asks for, the pump's next status. */
export const settleMs = 45_000

export const runsOf = ({ driver }: Played, { condition }: Pick<FinalEpisode, 'condition'>): ReadonlySet<TrueRun> =>
  new Set(condition.aliases.flatMap((alias) => [...(driver.told.get(alias) ?? [])]))

const nameOf = (run: TrueRun): string => `${run.code} of pump ${run.pump} (${run.startMs} to ${run.endMs} ms)`

/** Each alarm that a hub took is one episode, each episode is such an alarm or comes from a fault, and the last word is true. */
export const judgeAlarms = (played: Played, paths: Paths): readonly OracleFinding[] => {
  const { driver, final, endMs } = played
  const findings: OracleFinding[] = []
  const episodesOf = new Map<TrueRun, FinalEpisode[]>()
  for (const episode of final.episodes.values()) {
    if (episode.condition.source === 'server') {
      const why = causeless(played, paths, episode)
      if (why !== null) findings.push({ kind: 'false-alarm', what: why })
      continue
    }
    const runs = runsOf(played, episode)
    if (runs.size === 0)
      findings.push({ kind: 'false-alarm', what: `${episode.condition.code} of ${episode.subject} was never told` })
    for (const run of runs) episodesOf.set(run, [...(episodesOf.get(run) ?? []), episode])
  }
  for (const run of driver.runs) {
    const episodes = episodesOf.get(run) ?? []
    if (episodes.length > 1)
      findings.push({
        kind: 'alarm-doubled',
        what: `${nameOf(run)}: ${episodes.map(({ episodeId }) => episodeId).join()}`,
      })
    const [episode] = episodes
    const heard = isClear(paths.toServer(run.pump), run.startMs, Math.min(run.endMs, run.startMs + 1_000))
    if (episode === undefined) {
      if ((run.taken || heard) && run.startMs < endMs - settleMs)
        findings.push({ kind: 'alarm-lost', what: nameOf(run) })
      continue
    }
    const { open, verified } = episode.condition
    if (run.endMs === Infinity && run.startMs < endMs - settleMs && !(open && verified))
      findings.push({ kind: 'not-open', what: `${nameOf(run)} goes on and is not open on the server` })
  }
  for (const episode of final.episodes.values()) {
    const runs = [...runsOf(played, episode)]
    const isOver = runs.length > 0 && runs.every(({ endMs: to }) => to < endMs - settleMs)
    if (episode.condition.open && isOver)
      findings.push({
        kind: 'not-ended',
        what: `${episode.condition.code} of ${episode.subject} is over and open on the server`,
      })
    if (episode.condition.open && episode.condition.source === 'server')
      findings.push({
        kind: 'not-ended',
        what: `${episode.condition.code} of ${episode.subject} goes on although nothing is wrong any more`,
      })
  }
  return findings
}

/** Why nothing that the driver did explains this alarm of the server's; null: something does. */
const causeless = (played: Played, paths: Paths, { condition, subject, episodeId }: FinalEpisode): string | null => {
  const openedMs = played.driver.seen.find((one) => one.episodeId === episodeId)?.atMs
  const what = `${condition.code} of ${subject} at ${openedMs} ms: ${condition.vendorText ?? 'no reason given'}`
  // Committed by a process that died in that moment.
  if (openedMs === undefined) return null
  const isNear = (spans: readonly { readonly fromMs: number; readonly toMs: number }[], afterMs = 60_000): boolean =>
    spans.some(({ fromMs, toMs }) => openedMs >= fromMs && openedMs <= toMs + afterMs)
  const [, name] = subject.split(':')
  if (condition.code === 'link-lost-pump') {
    const pump = played.pumps.find(({ id }) => id === name)
    const isCause = pump !== undefined && isNear([...paths.line(pump.index), ...paths.hub(pump.hub), ...paths.server])
    return isCause ? null : what
  }
  if (condition.code === 'link-lost-hub') {
    const hub = Array.from({ length: played.plan.hubs }, (_, index) => hubIdOf(index)).findIndex((id) => id === name)
    return isNear([...paths.hub(hub), ...paths.server]) ? null : what
  }
  if (condition.code !== 'notify-channel-down') return what
  return isNear(paths.channels, 30_000) || namesUnreached(played, condition.vendorText ?? '', openedMs) ? null : what
}

/** Whoever's last page got nowhere stands as unreachable until one goes through: also when her next duty begins hours later. */
const namesUnreached = ({ driver }: Played, text: string, atMs: number): boolean =>
  people
    .filter(({ name }) => text.includes(`${name} (`))
    .some(({ userId }) => driver.pages.findLast((page) => page.userId === userId && page.atMs <= atMs)?.taken === false)
