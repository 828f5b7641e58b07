import { z } from 'zod'
import { EpisodeId } from '../ids.ts'
import { Readiness } from './readiness.ts'
import { Person } from '../live/views.ts'
import { stationSilentAfterMs, type StationFacts, type StationPause } from './station.ts'

/** Everything that could bring a page to one person. */
export interface ReachFacts {
  readonly stations: readonly StationFacts[]
  /** Push subscriptions and hooks that were not refused when they were last used. */
  readonly addresses: number
  /** Whether a page of theirs has heard a test alarm lately (alarms.md, "Proof that the path works"). */
  readonly path?: { readonly provenAt: number | null; readonly overdue: boolean }
  /** Their word about an audible test page; null: never asked. */
  readonly shiftCheck?: { readonly at: number; readonly heard: boolean } | null
  readonly readiness?: Readiness | null
}

export const ReachReason = z.enum([
  'no-open-screen',
  'screen-silent',
  'sound-not-armed',
  'sound-paused',
  'screen-hidden',
  'clock-off',
  'path-unproven',
  'no-address',
])
export type ReachReason = z.infer<typeof ReachReason>

/** `doubtful`: a page may arrive, and nothing proves that it would be heard. `unknown`: nothing watches it. */
export const Reach = z.enum(['reachable', 'doubtful', 'unreachable', 'unknown'])
export type Reach = z.infer<typeof Reach>

export const Reachability = z.object({
  person: Person,
  reach: Reach,
  reasons: z.array(ReachReason),
  /** Until when the last of their stations that would sound is paused, server time, and for which alarms. */
  paused: z.object({ until: z.int(), episodeIds: z.array(EpisodeId) }).nullish(),
  /** When a page of theirs last heard a test alarm, server time; null or absent: never. */
  provenAt: z.int().nullish(),
  /** What they said last of an audible test page. */
  shiftCheck: z.object({ at: z.int(), heard: z.boolean() }).nullish(),
  /** What they signed in for, and what did not work there; null or absent: never said. */
  readiness: Readiness.nullish(),
})
export type Reachability = Readonly<z.infer<typeof Reachability>>

const clockLimitMs = 5000

/**
 * Can this person be reached now? Only an open screen whose sound really runs counts as proof: a push service takes a message and
 * says nothing of the one who should read it (alarms.md, "On call"). Every reason is listed, also of somebody who is reachable.
 */
export const reachOf = ({ stations, addresses, path }: ReachFacts): Pick<Reachability, 'reach' | 'reasons'> => {
  const speaking = stations.filter(({ silentMs }) => silentMs <= stationSilentAfterMs)
  const running = speaking.filter((station) => station.audible)
  const audible = running.filter(({ pause }) => pause === null)
  const inTime = audible.filter(({ clockErrorMs }) => Math.abs(clockErrorMs ?? 0) <= clockLimitMs)
  const reasons: ReachReason[] = []
  if (stations.length === 0) reasons.push('no-open-screen')
  else if (speaking.length === 0) reasons.push('screen-silent')
  else if (running.length === 0) reasons.push('sound-not-armed')
  else if (audible.length === 0) reasons.push('sound-paused')
  else if (inTime.length === 0) reasons.push('clock-off')
  else if (path?.overdue === true) reasons.push('path-unproven')
  if (speaking.length > 0 && speaking.every(({ visible }) => !visible)) reasons.push('screen-hidden')
  if (addresses === 0) reasons.push('no-address')
  if (inTime.length > 0 && path?.overdue !== true) return { reach: 'reachable', reasons }
  return { reach: speaking.length > 0 || addresses > 0 ? 'doubtful' : 'unreachable', reasons }
}

/** Since when somebody is out of reach without a break, monotonic ms; null: she is not, or nothing watches it. */
export const goneSince = (reach: Reach, nowMs: number, beforeMs: number | null): number | null =>
  reach === 'unreachable' ? (beforeMs ?? nowMs) : null

/** The pause that ends first, when every station that speaks and could sound is paused. */
export const pauseOf = (stations: readonly StationFacts[]): StationPause | null => {
  const running = stations.filter(({ silentMs, audible }) => silentMs <= stationSilentAfterMs && audible)
  const pauses = running.flatMap(({ pause }) => pause ?? [])
  if (pauses.length < running.length) return null
  return pauses.toSorted((a, b) => a.leftMs - b.leftMs)[0] ?? null
}
