import type { EpisodeId, UserId } from '#domain/ids.ts'
import type { AlarmView } from '#domain/live/views.ts'
import { alarmLook } from './alarm-look.ts'
import type { LinkLook } from './freshness.ts'
import type { BurstKind } from '#domain/sound/bursts.ts'

/** An accepted alarm that goes on reminds its owner this often (alarms.md, rule 4). */
export const reminderMs = 180_000

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
  readonly sessionOver: boolean
  /** Server time; null before the first heartbeat. */
  readonly now: number | null
}

/** Sound follows the open alarms, never a filter of the display. */
export const soundDuty = ({ alarms, me, link, sessionOver, now }: SoundQuestion): SoundDuty => {
  if (sessionOver || link === 'not-live') return { steady: 'not-live', once: [] }
  const list = [...alarms]
  // What is known only from late records is shown and does not ring: a list of what is active must confirm it (alarms.md, rule 7).
  const sounding = list.filter((alarm) => alarm.confirmed && alarmLook(alarm, me).sounds)
  const steady = sounding.some((alarm) => alarm.priority === 'high')
    ? 'high'
    : sounding.some((alarm) => alarm.priority === 'medium')
      ? 'medium'
      : null
  const lows = sounding
    .filter((alarm) => alarm.priority === 'low')
    .map((alarm) => ({ key: lowKey(alarm.episodeId), kind: 'low' as const }))
  return { steady, once: [...(now === null ? [] : list.flatMap((alarm) => reminderOf(alarm, me, now))), ...lows] }
}

export const lowKey = (episodeId: EpisodeId): string => `low:${episodeId}`

const reminderOf = (
  alarm: AlarmView,
  me: UserId | null,
  now: number,
): readonly { readonly key: string; readonly kind: BurstKind }[] => {
  const mine = alarmLook(alarm, me).status === 'taken-by-me'
  if (!mine || alarm.acceptedAt === null || (alarm.priority !== 'high' && alarm.priority !== 'medium')) return []
  const count = Math.floor((now - alarm.acceptedAt) / reminderMs)
  return count < 1 ? [] : [{ key: `reminder:${alarm.episodeId}:${alarm.version}:${count}`, kind: alarm.priority }]
}
