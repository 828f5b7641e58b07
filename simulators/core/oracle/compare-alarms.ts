import { derivedAlarmCodes } from '#domain/alarm/codes.ts'
import { comparePriority } from '#domain/alarm/priority-rank.ts'
import type { AlarmHistoryEntry, AlarmView } from '#domain/live/views.ts'
import { heardBetween, inventedSilence, missedSilences, type PardonsOf } from './compare-silence.ts'
import type { Finding, Tolerance } from './finding.ts'
import type { Told, ToldAlarm } from './told.ts'

/** The same alarm again within this time is the same episode (alarms.md rule 2). */
const sameEpisodeMs = 60_000
/** An alarm without an acknowledgement was there for its hub to see when it heard the pump so often, for so long, while it went on. */
const seen = { times: 5, forMs: 5_000 } as const

/** What makes one episode: the edges of one code of one pump. */
interface Episode {
  readonly pumpId: string
  readonly code: string
  readonly edges: readonly ToldAlarm[]
}

const episodesOf = (alarms: readonly ToldAlarm[]): readonly Episode[] =>
  [...Map.groupBy(alarms, ({ pumpId, code }) => `${pumpId} ${code}`).values()].flatMap((edges) => {
    const groups: ToldAlarm[][] = []
    for (const edge of edges) {
      const last = groups.at(-1)?.at(-1)
      const isSame = last !== undefined && (last.raised || edge.at - last.at <= sameEpisodeMs)
      if (isSame) groups.at(-1)?.push(edge)
      else groups.push([edge])
    }
    return groups.map((group) => ({ pumpId: group[0]?.pumpId ?? '', code: group[0]?.code ?? '', edges: group }))
  })

const belongs = ({ edges }: Episode, alarm: AlarmView, slackMs: number): boolean =>
  alarm.startedAt >= (edges[0]?.at ?? 0) - sameEpisodeMs / 2 - slackMs &&
  alarm.startedAt <= (edges.at(-1)?.hearableAt ?? 0) + sameEpisodeMs

const outside = (at: number, from: number, to: number, errorMs: number): boolean =>
  at < from - errorMs || at > to + errorMs

/** Told without an acknowledgement, and over again: long enough for every hub. */
const wasSeen = (edges: readonly ToldAlarm[], heard: readonly number[]): boolean =>
  edges.some(({ raised, hearableAt }, place) => {
    const endAt = edges[place + 1]?.at ?? hearableAt
    return raised && endAt - hearableAt >= seen.forMs && heardBetween(heard, hearableAt, endAt) >= seen.times
  })

const judge = (
  { pumpId, code, edges }: Episode,
  found: readonly AlarmView[],
  heard: readonly number[],
  settledAt: number,
  { slackMs, lateMs }: Tolerance,
): readonly Finding[] => {
  const starts = edges.filter(({ raised }) => raised)
  const [first] = starts
  const last = edges.at(-1)
  if (first === undefined || last === undefined) return []
  const say = (kind: Finding['kind'], what: string): Finding => ({ kind, pumpId, what: `${code} ${what}` })
  const isOwed =
    starts.some(({ acknowledgedAt }) => acknowledgedAt !== null) ||
    (last.raised && last.hearableAt <= settledAt) ||
    (last.at <= settledAt && wasSeen(edges, heard))
  const [episode, ...more] = found
  if (episode === undefined) return isOwed ? [say('missing', `told at ${first.at}`)] : []
  const findings: Finding[] = more.map(() => say('doubled', `is there ${found.length} times`))
  const errorMs = slackMs + episode.uncertaintyMs
  const heardAt = starts
    .flatMap(({ acknowledgedAt }) => acknowledgedAt ?? [])
    .reduce((a, b) => Math.min(a, b), Infinity)
  if (
    outside(episode.startedAt, first.at, Number.isFinite(heardAt) ? heardAt : first.hearableAt + sameEpisodeMs, errorMs)
  )
    findings.push(say('wrong-time', `starts ${episode.startedAt - first.at} ms after the pump said so`))
  else if (episode.observedAt - first.hearableAt > lateMs + slackMs)
    findings.push(say('late', `reached the server ${episode.observedAt - first.at} ms after the pump said so`))
  const highest = starts
    .flatMap(({ priority }) => priority ?? [])
    .toSorted(comparePriority)
    .at(-1)
  if (highest !== undefined && comparePriority(episode.priority, highest) < 0)
    findings.push(say('wrong-priority', `is ${episode.priority}, the pump said ${highest}`))
  const isShownActive = episode.condition === 'active' || episode.condition === 'unverified'
  if (last.raised && !isShownActive && last.hearableAt <= settledAt)
    findings.push(say('missing', `is active at the pump and ${episode.condition} on the server`))
  if (!last.raised && isShownActive && last.hearableAt <= settledAt)
    findings.push(say('not-ended', `is over at the pump and ${episode.condition} on the server`))
  const endedAt = episode.endedAt
  if (
    !last.raised &&
    endedAt !== null &&
    outside(endedAt, last.at, last.acknowledgedAt ?? last.hearableAt + sameEpisodeMs, errorMs)
  )
    findings.push(say('wrong-time', `ends ${endedAt - last.at} ms after the pump said so`))
  return findings
}

const derived: ReadonlySet<string> = new Set(derivedAlarmCodes)

/** An alarm that no pump told: the hub or the server found it, or it is invented. */
const stranger = (alarm: AlarmView, told: Told, tolerance: Tolerance): Finding | null => {
  if (alarm.code === 'link-lost-pump') return inventedSilence(alarm, told, tolerance)
  if (derived.has(alarm.code)) return null
  const pumpId = alarm.pumpId ?? alarm.hubId ?? 'site'
  return { kind: 'false', pumpId, what: `${alarm.code} at ${alarm.startedAt} was never told` }
}

/** Every alarm of every pump: there once, with its start, its end, its urgency; and no other. */
export const compareAlarms = (
  told: Told,
  alarms: readonly AlarmView[],
  settledAt: number,
  tolerance: Tolerance,
  pardonsOf: PardonsOf = () => [],
): readonly Finding[] => {
  const episodes = episodesOf(told.alarms)
  const byName = Map.groupBy(episodes, ({ pumpId, code }) => `${pumpId} ${code}`)
  const found = new Map<Episode, AlarmView[]>(episodes.map((episode) => [episode, []]))
  const strangers: Finding[] = []
  for (const alarm of alarms) {
    const own = (byName.get(`${alarm.pumpId ?? ''} ${alarm.code}`) ?? [])
      .filter((episode) => belongs(episode, alarm, tolerance.slackMs))
      .toSorted((a, b) => distance(a, alarm) - distance(b, alarm))[0]
    if (own !== undefined) found.get(own)?.push(alarm)
    else strangers.push(...[stranger(alarm, told, tolerance)].filter((finding) => finding !== null))
  }
  return [
    ...strangers,
    ...[...found].flatMap(([episode, list]) =>
      judge(episode, list, told.heard.get(episode.pumpId) ?? [], settledAt, tolerance),
    ),
    ...missedSilences(told, alarms, settledAt, tolerance, pardonsOf),
  ]
}

const distance = ({ edges }: Episode, alarm: AlarmView): number => Math.abs((edges[0]?.at ?? 0) - alarm.startedAt)

/** Responses that take an acceptance away for good reason. */
const undoing: ReadonlySet<string> = new Set(['withdrawn', 'rejected', 'resolved', 'response-taken-back', 'closed'])

/** An acceptance that is in an alarm's story and not in its state. */
export const compareAcceptance = (alarm: AlarmView, history: readonly AlarmHistoryEntry[]): Finding | null => {
  const last = history.findLast(({ what }) => what === 'accepted' || undoing.has(what))
  if (last?.what !== 'accepted' || alarm.owner !== null || alarm.response !== 'new') return null
  return {
    kind: 'lost-acceptance',
    pumpId: alarm.pumpId ?? alarm.hubId ?? 'site',
    what: `${alarm.code} was accepted by ${last.by?.name ?? 'somebody'} at ${last.at} and has no owner`,
  }
}
