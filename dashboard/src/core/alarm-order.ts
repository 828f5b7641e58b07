import type { Priority } from '#domain/alarm/codes.ts'
import type { EpisodeId } from '#domain/ids.ts'
import type { AlarmView } from '#domain/live/views.ts'
import { alarmLook } from './alarm-look.ts'
import type { AlarmGroup } from './alarm-look.ts'

const groupRank: Readonly<Record<AlarmGroup, number>> = { unowned: 0, taken: 1, ended: 2 }
const priorityRank: Readonly<Record<Priority, number>> = { high: 0, medium: 1, low: 2, info: 3 }

/** `unknown` counts as critical (domain/alarm/codes.ts). */
const criticalityRank = (alarm: AlarmView): number => (alarm.criticality === 'standard' ? 1 : 0)

export const groupOf = (alarm: AlarmView): AlarmGroup => alarmLook(alarm, null).group

/**
 * Unowned first, then priority, what was escalated to whoever looks, criticality, oldest onset; then taken; then ended. Total: equal
 * only for one episode.
 */
export const compareAlarmsFor =
  (escalatedToMe: ReadonlySet<EpisodeId>) =>
  (a: AlarmView, b: AlarmView): number =>
    groupRank[groupOf(a)] - groupRank[groupOf(b)] ||
    priorityRank[a.priority] - priorityRank[b.priority] ||
    Number(escalatedToMe.has(b.episodeId)) - Number(escalatedToMe.has(a.episodeId)) ||
    criticalityRank(a) - criticalityRank(b) ||
    a.startedAt - b.startedAt ||
    (a.episodeId < b.episodeId ? -1 : a.episodeId > b.episodeId ? 1 : 0)

export const compareAlarms = compareAlarmsFor(new Set())

export const mostUrgent = (alarms: Iterable<AlarmView>): AlarmView | null =>
  [...alarms].toSorted(compareAlarms)[0] ?? null

export interface PriorityCount {
  readonly open: number
  readonly unowned: number
  readonly taken: number
  readonly ended: number
}

/** Of one priority: `open` is what still goes on, ended ones apart. */
export const countOf = (alarms: Iterable<AlarmView>, priority: Priority): PriorityCount => {
  const groups = [...alarms].filter((alarm) => alarm.priority === priority).map(groupOf)
  const count = (group: AlarmGroup): number => groups.filter((found) => found === group).length
  const unowned = count('unowned')
  const taken = count('taken')
  return { open: unowned + taken, unowned, taken, ended: count('ended') }
}

/** For the page's title: what nobody owns and somebody is paged for. */
export const unownedUrgent = (alarms: Iterable<AlarmView>): number =>
  [...alarms].filter((a) => (a.priority === 'high' || a.priority === 'medium') && groupOf(a) === 'unowned').length
