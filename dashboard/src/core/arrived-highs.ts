import type { EpisodeId } from '#domain/ids.ts'
import type { AlarmView } from '#domain/live/views.ts'
import { alarmLook } from './alarm-look.ts'

type Alarms = ReadonlyMap<EpisodeId, AlarmView>

/** A page may take so long from its address to its first question, ms. */
const opensWithinMs = 30_000

/** What was open already when somebody opened the page: the rest of its first picture came meanwhile and is as new to her as what comes later. `openMs`: how long the page has been there when the picture came, `askedMs`: since it was let in. */
export const knownAtOpening = (
  alarms: readonly AlarmView[],
  { serverAt, openMs, askedMs }: { readonly serverAt: number; readonly openMs: number; readonly askedMs: number },
): Alarms => {
  const openedAt = serverAt - Math.min(openMs, askedMs + opensWithinMs)
  return new Map(
    alarms.filter(({ observedAt }) => observedAt < openedAt).map((alarm) => [alarm.episodeId, alarm] as const),
  )
}

const isHigh = (alarm: AlarmView | undefined): boolean => alarm?.priority === 'high' && alarm.confirmed

/** High and nobody has it: what covers a phone. */
export const isUnownedHigh = (alarm: AlarmView): boolean => isHigh(alarm) && alarmLook(alarm, null).group === 'unowned'

/** Highs that nobody has and that were none before: new ones, raised ones, and those that are known now to be true. */
export const arrivedHighs = (before: Alarms, after: Alarms): readonly EpisodeId[] =>
  [...after.values()]
    .filter((alarm) => isUnownedHigh(alarm) && !isHigh(before.get(alarm.episodeId)))
    .map(({ episodeId }) => episodeId)
