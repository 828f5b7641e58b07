import { remindersDue } from '#domain/alarm/reminder.ts'
import type { EpisodeId, UserId } from '#domain/ids.ts'
import type { AlarmView } from '#domain/live/views.ts'
import { alarmLook } from './alarm-look.ts'
import type { LinkLook } from './freshness.ts'
import { endsSoon } from './session-warning.ts'
import type { BurstKind } from '#domain/sound/bursts.ts'

export interface SoundDuty {
  /** Repeats until something else is wanted; the highest priority alone sounds. */
  readonly steady: Extract<BurstKind, 'high' | 'medium' | 'not-live'> | null
  /** Once each: a new Low, or a reminder. Keyed, so that asking again does not sound again. */
  readonly once: readonly { readonly key: string; readonly kind: BurstKind }[]
}

export interface SoundQuestion {
  readonly alarms: Iterable<AlarmView>
  readonly me: UserId | null
  readonly link: LinkLook
  /** The server cannot be asked, or it has ended the session: nothing is watched here. */
  readonly unwatched: boolean
  /** Server time; null: nobody is signed in. */
  readonly sessionEndsAt: number | null
  /** This station's sound is paused. Reminders, which are rare, and NOT LIVE are not. */
  readonly paused: boolean
  /** Server time; null before the first heartbeat. */
  readonly now: number | null
}

/**
 * What sounds as long as it is so. What is known only from late records is shown and does not ring: a list of what is active must
 * confirm it (alarms.md, rule 7).
 */
export const soundingAlarms = (alarms: Iterable<AlarmView>, me: UserId | null): readonly AlarmView[] =>
  [...alarms].filter(
    (alarm) => alarm.confirmed && alarm.shelved === null && (alarmLook(alarm, me).sounds || wantsWord(alarm, me)),
  )

/** Mine, and I did not say in time that I am still on it: it sounds here until I do or it is asked anew (dashboard.md 7). */
const wantsWord = ({ owner, checkInMissedAt, next }: AlarmView, me: UserId | null): boolean =>
  me !== null && owner?.userId === me && checkInMissedAt !== null && next?.step === 'lapse'

/** Sound follows the open alarms, never a filter of the display. */
export const soundDuty = ({ alarms, me, link, unwatched, sessionEndsAt, paused, now }: SoundQuestion): SoundDuty => {
  if (unwatched || link === 'not-live') return { steady: 'not-live', once: [] }
  const list = [...alarms]
  const sounding = paused ? [] : soundingAlarms(list, me)
  const steady = sounding.some((alarm) => alarm.priority === 'high')
    ? 'high'
    : sounding.some((alarm) => alarm.priority === 'medium')
      ? 'medium'
      : null
  const lows = sounding
    .filter((alarm) => alarm.priority === 'low')
    .map((alarm) => ({ key: lowKey(alarm.episodeId), kind: 'low' as const }))
  const mine = me === null || now === null ? [] : list.flatMap((alarm) => onceFor(alarm, me, now))
  const ending =
    sessionEndsAt !== null && endsSoon(sessionEndsAt, now)
      ? [{ key: `session:${sessionEndsAt}`, kind: 'info' as const }]
      : []
  return { steady, once: [...ending, ...mine, ...lows] }
}

export const lowKey = (episodeId: EpisodeId): string => `low:${episodeId}`

/** For one person alone: a reminder of what she has, and once what is offered to her. */
const onceFor = (alarm: AlarmView, me: UserId, now: number): SoundDuty['once'] => {
  if (alarm.handedTo?.userId === me) return [{ key: `offer:${alarm.episodeId}:${alarm.version}`, kind: 'info' }]
  const count = alarm.owner?.userId === me ? remindersDue(alarm, now) : 0
  if (count < 1 || (alarm.priority !== 'high' && alarm.priority !== 'medium')) return []
  // By the acceptance: an offer or a check-in is another version, and no reason to remind again.
  return [{ key: `reminder:${alarm.episodeId}:${alarm.acceptedAt}:${count}`, kind: alarm.priority }]
}
