import type { EpisodeId, UserId } from '../ids.ts'
import type { AskedAlarm } from './facts.ts'

/** When a person's devices last said that they sounded or showed it, and that somebody looked. */
export interface Noticed {
  readonly audible: number | null
  readonly viewed: number | null
  /** The same of single alarms, whether she was paged about them or not. */
  readonly alarms: Readonly<Record<EpisodeId, { readonly audible: number | null; readonly viewed: number | null }>>
}

/** How far word of alarms has got to a person. Looked at counts as heard. */
export type Notice = 'none' | 'heard' | 'viewed'

type Times = Pick<Noticed, 'audible' | 'viewed'>

const noticeIn = ({ audible, viewed }: Times, from: number): Notice => {
  if ((viewed ?? -Infinity) >= from) return 'viewed'
  return (audible ?? -Infinity) >= from ? 'heard' : 'none'
}

const rank: Readonly<Record<Notice, number>> = { none: 0, heard: 1, viewed: 2 }

export type AlarmStanding = Pick<AskedAlarm, 'episodeId' | 'since' | 'lapsedAt'>

/** What was said of it before is of something else. */
export const standsSince = ({ since, lapsedAt }: AlarmStanding): number => Math.max(since, lapsedAt ?? -Infinity)

/** What a person's stations said of this very alarm since it stands as it does. */
const noticeOfAlarm = ({ alarms }: Noticed, alarm: AlarmStanding): Notice => {
  const times = alarms[alarm.episodeId]
  return times === undefined ? 'none' : noticeIn(times, standsSince(alarm))
}

/** By a receipt of a page since `from`, or by receipts of each of these alarms as they stand: a station may have rung before the page. */
export const noticeOf = (
  log: { readonly noticed: Readonly<Record<UserId, Noticed>> },
  userId: UserId,
  alarms: readonly AlarmStanding[],
  from: number,
): Notice => {
  const noticed = log.noticed[userId]
  if (noticed === undefined) return 'none'
  const byPage = noticeIn(noticed, from)
  const [first, ...more] = alarms.map((alarm) => noticeOfAlarm(noticed, alarm))
  if (first === undefined) return byPage
  const byAlarms = more.reduce((least, one) => (rank[one] < rank[least] ? one : least), first)
  return rank[byAlarms] > rank[byPage] ? byAlarms : byPage
}

/** So many alarms of a root are kept one by one for each person, the last ones said. */
const keptAlarms = 256

/** `about` null: a page, and with it all that it names. */
export const withNotice = (
  noticed: Noticed | undefined,
  step: 'audible' | 'viewed',
  at: number,
  about: readonly EpisodeId[] | null,
): Noticed => {
  const before = noticed ?? { audible: null, viewed: null, alarms: {} }
  if (about === null) return { ...before, [step]: at }
  const known = new Map(Object.entries(before.alarms))
  for (const id of about) {
    const times = known.get(id) ?? { audible: null, viewed: null }
    known.delete(id)
    known.set(id, { ...times, [step]: at })
  }
  return { ...before, alarms: Object.fromEntries([...known].slice(-keptAlarms)) }
}
