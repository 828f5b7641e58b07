import type { EpisodeId } from '../ids.ts'
import type { AlarmView } from '../live/views.ts'
import type { AlarmPolicy } from './policy.ts'

type Seen = Pick<AlarmView, 'episodeId' | 'observedAt' | 'confirmed'>

/** When each recent alarm was first heard of, those that are over included. */
export type RecentAlarms = ReadonlyMap<EpisodeId, number>

/** What a screen remembers: of every snapshot and update, what is new within the policy's time. Server time, ms. */
export const rememberNew = (
  known: RecentAlarms,
  alarms: Iterable<Seen>,
  now: number,
  { floodWithinMs }: Pick<AlarmPolicy, 'floodWithinMs'>,
): RecentAlarms => {
  const isRecent = (at: number): boolean => at > now - floodWithinMs
  const kept = new Map([...known].filter(([, at]) => isRecent(at)))
  // What came out of a backlog and nobody confirmed does not ring: it is history, not a flood.
  for (const { episodeId, observedAt, confirmed } of alarms)
    if (confirmed && isRecent(observedAt)) kept.set(episodeId, observedAt)
  return kept
}

export interface Flood {
  /** New alarms within the policy's time. */
  readonly count: number
  /** The first of them. */
  readonly since: number
}

/** More new alarms than one person can answer; null: not now. */
export const floodOf = (
  known: RecentAlarms,
  now: number,
  { floodCount, floodWithinMs }: Pick<AlarmPolicy, 'floodCount' | 'floodWithinMs'>,
): Flood | null => {
  const times = [...known.values()].filter((at) => at > now - floodWithinMs)
  return times.length >= floodCount ? { count: times.length, since: Math.min(...times) } : null
}

/** One line of the list in a flood. */
export interface FloodLine {
  readonly kind: 'alarm' | 'low' | 'cause' | 'hub'
  /** In their order on the list; one when they are not folded. */
  readonly alarms: readonly AlarmView[]
}

const keyOf = (alarm: AlarmView, hubsWithSeveral: ReadonlySet<string>): string | null => {
  const { priority, owner, code, hubId } = alarm
  // A high alarm never stands behind another one, and neither does what somebody has.
  if (priority === 'high' || owner !== null) return null
  if (priority !== 'medium') return 'low'
  return hubId !== null && hubsWithSeveral.has(hubId) ? `hub ${hubId}` : `cause ${code}`
}

const kindOf = (key: string | null): FloodLine['kind'] =>
  key === null ? 'alarm' : key === 'low' ? 'low' : key.startsWith('hub ') ? 'hub' : 'cause'

/** So many medium alarms of one hub are one matter of that hub. */
const several = 3

/** Folds low alarms to one line and medium ones by hub or cause, where the first of each stands. High ones stay as they are. */
export const groupInFlood = (alarms: readonly AlarmView[]): readonly FloodLine[] => {
  const media = alarms.filter(({ priority, owner, hubId }) => priority === 'medium' && owner === null && hubId !== null)
  const hubs = new Set(
    [...Map.groupBy(media, ({ hubId }) => hubId ?? '')].flatMap(([hubId, list]) =>
      list.length >= several ? [hubId] : [],
    ),
  )
  const lines = Map.groupBy(alarms, (alarm) => keyOf(alarm, hubs) ?? alarm.episodeId)
  return [...lines.values()].map((list) => {
    const [first] = list
    return { kind: first === undefined || list.length === 1 ? 'alarm' : kindOf(keyOf(first, hubs)), alarms: list }
  })
}
