import type { EpisodeId } from '#domain/ids.ts'
import type { AlarmView } from '#domain/live/views.ts'
import { groupOf } from './alarm-order.ts'
import { groupInFlood } from '#domain/alarm/flood.ts'

/** One line of the queue. */
export type QueueItem =
  | { readonly kind: 'row'; readonly alarm: AlarmView; readonly inGroup: boolean }
  /** An alarm that has just left: its place is kept for a moment. */
  | { readonly kind: 'tomb'; readonly alarm: AlarmView }
  | { readonly kind: 'group'; readonly group: MediumGroup; readonly open: boolean }
  | { readonly kind: 'low-fold'; readonly folded: number; readonly shown: number; readonly open: boolean }

/** In a flood: Medium alarms that nobody owns, of one hub or one cause, as one line. */
export interface MediumGroup {
  readonly key: string
  readonly by: 'hub' | 'cause'
  readonly alarms: readonly AlarmView[]
}

export const mediumGroups = (alarms: readonly AlarmView[]): readonly MediumGroup[] =>
  groupInFlood(alarms.filter((alarm) => groupOf(alarm) === 'unowned')).flatMap(({ kind, alarms: group }) => {
    const [first] = group
    if (first === undefined || (kind !== 'hub' && kind !== 'cause')) return []
    return [{ key: `${kind}:${kind === 'hub' ? first.hubId : first.code}`, by: kind, alarms: group }]
  })

const lowsShown = 3

export interface FoldWishes {
  readonly flood: boolean
  readonly allLows: boolean
  readonly openGroups: ReadonlySet<string>
  /** What was escalated to whoever looks never stands behind another row. */
  readonly alone: ReadonlySet<EpisodeId>
  /** Left, and still shown as a tombstone. */
  readonly gone: ReadonlySet<EpisodeId>
}

const isUnownedLow = (alarm: AlarmView): boolean =>
  (alarm.priority === 'low' || alarm.priority === 'info') && groupOf(alarm) === 'unowned'

/** The queue as it is drawn, from alarms in their order. More than three unowned Low fold, all of them in a flood; High never. */
export const queueItems = (alarms: readonly AlarmView[], wishes: FoldWishes): readonly QueueItem[] => {
  const { flood, allLows, openGroups, alone, gone } = wishes
  const open = alarms.filter(({ episodeId }) => !gone.has(episodeId))
  const groups = flood ? mediumGroups(open.filter(({ episodeId }) => !alone.has(episodeId))) : []
  const groupByAlarm = new Map(groups.flatMap((group) => group.alarms.map((alarm) => [alarm, group] as const)))
  const lows = open.filter((alarm) => isUnownedLow(alarm) && !alone.has(alarm.episodeId))
  const kept = flood ? 0 : lowsShown
  const foldable = lows.length > kept
  const folded = new Set(foldable && !allLows ? lows.slice(kept) : [])
  const foldAfter = foldable ? (allLows ? lows.at(-1) : (lows[kept - 1] ?? lows[0])) : undefined
  const told = new Set<MediumGroup>()
  const items: QueueItem[] = []
  for (const alarm of alarms) {
    const group = groupByAlarm.get(alarm)
    if (gone.has(alarm.episodeId)) items.push({ kind: 'tomb', alarm })
    else if (group !== undefined) {
      const isOpen = openGroups.has(group.key)
      if (!told.has(group)) {
        items.push({ kind: 'group', group, open: isOpen })
        if (isOpen) items.push(...group.alarms.map((one) => ({ kind: 'row', alarm: one, inGroup: true }) as const))
      }
      told.add(group)
    } else if (!folded.has(alarm)) items.push({ kind: 'row', alarm, inGroup: false })
    if (alarm === foldAfter) items.push({ kind: 'low-fold', folded: lows.length - kept, shown: kept, open: allLows })
  }
  return items
}
