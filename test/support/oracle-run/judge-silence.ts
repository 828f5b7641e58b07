import { defaultPagingPolicy } from '#domain/paging/policy.ts'
import type { EpisodeId } from '#domain/ids.ts'
import type { OracleFinding } from './finding.ts'
import { settleMs } from './judge-alarms.ts'
import { strikes } from './faults-now.ts'
import type { FaultWindow, SeenEpisode, SentPage } from './log.ts'
import { clearSpans, isClear, type Paths, type Span } from './paths.ts'
import type { Played } from './play.ts'

/** Longest time without a page while nobody has answered, ms. */
const mostQuietMs = {
  high: Math.max(
    defaultPagingPolicy.high.holdOffMs,
    defaultPagingPolicy.high.againMs,
    defaultPagingPolicy.exhaustedAgainMs,
  ),
  medium: defaultPagingPolicy.medium.againMs,
} as const

/** No silence without end: what is not answered is asked again, what is accepted is reminded of, and who is not heard is called. */
export const judgeSilence = (played: Played, paths: Paths): readonly OracleFinding[] => [
  ...judgeAsking(played, paths),
  ...judgeNoticing(played, paths),
]

type Wait = 'asked' | 'owned'

const waitOf = ({ after, subject }: SeenEpisode): Wait | null => {
  if (after === null || after.closedAt !== null || !after.condition.open || after.condition.late) return null
  if (after.response.resolution !== null || !(after.shown.priority in mostQuietMs)) return null
  // Nobody of the demonstration is on call for the site, so nobody can be asked (people.ts).
  if (subject === 'site' && after.condition.simulated) return null
  return after.response.owner === null ? 'asked' : 'owned'
}

const mostMs = (seen: SeenEpisode, wait: Wait): number => {
  if (wait === 'owned') return defaultPagingPolicy.reminderMs
  return seen.after?.shown.priority === 'high' ? mostQuietMs.high : mostQuietMs.medium
}

const judgeAsking = (played: Played, paths: Paths): readonly OracleFinding[] => {
  const { driver, endMs } = played
  const findings: OracleFinding[] = []
  const pagesOf = new Map<EpisodeId, SentPage[]>()
  for (const sent of driver.pages)
    for (const id of sent.page.episodeIds) {
      const list = pagesOf.get(id)
      if (list === undefined) pagesOf.set(id, [sent])
      else list.push(sent)
    }
  const broken = [...paths.server, ...paths.clock]
  for (const [id, list] of Map.groupBy(driver.seen, ({ episodeId }) => episodeId))
    for (const [place, seen] of list.entries()) {
      const wait = waitOf(seen)
      if (wait === null) continue
      const toMs = list[place + 1]?.atMs ?? endMs
      const kind = wait === 'asked' ? 'alarm' : 'reminder'
      const ownerId = seen.after?.response.owner?.userId
      const times = (pagesOf.get(id) ?? [])
        .filter(({ page, userId }) => page.kind === kind && (wait === 'asked' || userId === ownerId))
        .map(({ atMs }) => atMs)
      for (const span of clearSpans(broken, seen.atMs, toMs)) {
        const gap = longestGap(times, span)
        if (gap <= mostMs(seen, wait) + settleMs) continue
        const what = `${seen.after?.condition.code} of ${seen.subject} (${id}) is ${wait} from ${span.fromMs} to ${span.toMs} ms, and for ${gap} ms nobody is told`
        findings.push({ kind: wait === 'asked' ? 'silence' : 'not-reminded', what })
      }
    }
  return findings
}

const longestGap = (times: readonly number[], { fromMs, toMs }: Span): number => {
  const inside = [fromMs, ...times.filter((at) => at >= fromMs && at <= toMs), toMs]
  return inside.reduce((most, at, index) => Math.max(most, at - (inside[index - 1] ?? at)), 0)
}

/** From its beginning until it has to be on the wall, ms: the rule's time, then heartbeat, timer and commit. */
const noticedAfterMs = {
  'pump-line': 15_000 + 20_000,
  'hub-link': 30_000 + 20_000,
  'kill-hub': 30_000 + 20_000,
} as const

const isNoticed = (kind: string): kind is keyof typeof noticedAfterMs => kind in noticedAfterMs

const judgeNoticing = (played: Played, paths: Paths): readonly OracleFinding[] =>
  played.driver.windows.flatMap((window): readonly OracleFinding[] => {
    const { fault, fromMs, toMs } = window
    if (!isNoticed(fault.kind)) return []
    const byMs = fromMs + noticedAfterMs[fault.kind]
    const target = strikes(fault, played.plan)
    const isLine = fault.kind === 'pump-line'
    const subject = isLine ? `pump:${played.pumps[target]?.id}` : `hub:hub-${target + 1}`
    const hub = isLine ? (played.pumps[target]?.hub ?? 0) : target
    const others = [
      ...paths.server,
      ...paths.clock,
      ...without(paths.hub(hub), window),
      ...(isLine ? without(paths.line(target), window) : []),
    ]
    if (toMs < byMs || !isClear(others, fromMs - 120_000, byMs) || fromMs < 120_000) return []
    const code = isLine ? 'link-lost-pump' : 'link-lost-hub'
    const last = played.driver.seen.findLast(
      (one) => one.subject === subject && one.atMs <= byMs && one.after?.condition.code === code,
    )
    return last?.after?.condition.open === true
      ? []
      : [
          {
            kind: 'silence-not-noticed',
            what: `${subject} is silent from ${fromMs} ms on and no ${code} by ${byMs} ms`,
          },
        ]
  })

const without = (spans: readonly Span[], one: FaultWindow): readonly Span[] => spans.filter((span) => span !== one)
