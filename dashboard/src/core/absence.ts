import type { EpisodeId } from '#domain/ids.ts'
import type { AlarmView } from '#domain/live/views.ts'

type OpenAlarms = ReadonlyMap<EpisodeId, AlarmView>

/** What the page says after a pause: from when to when this screen was away, and what happened meanwhile. */
export interface Return {
  readonly asleep: boolean
  /** Server time of the last heartbeat before, and of the first after. */
  readonly from: number | null
  readonly to: number
  /** As they are now, or as they were when they closed meanwhile. */
  readonly alarms: readonly AlarmView[]
}

/** Since when this screen is not live or sleeps, and what it showed then. */
export class Absence {
  #before: { readonly asleep: boolean; readonly from: number | null; readonly alarms: OpenAlarms } | null = null

  /** Again while it lasts: nothing changes, but that it was asleep is remembered. */
  begin(asleep: boolean, from: number | null, alarms: OpenAlarms): void {
    this.#before ??= { asleep, from, alarms }
    if (asleep) this.#before = { ...this.#before, asleep }
  }

  /** It is live again, so `alarms` are the server's, whether a new picture or the missed updates brought them. Null: it was not away. */
  end(to: number, alarms: OpenAlarms): Return | null {
    const before = this.#before
    if (before === null) return null
    this.#before = null
    const changed = changedEpisodes(before.alarms, alarms)
    return {
      asleep: before.asleep,
      from: before.from,
      to,
      alarms: changed.flatMap((id) => alarms.get(id) ?? before.alarms.get(id) ?? []),
    }
  }

  forget(): void {
    this.#before = null
  }
}

/** Episodes that appeared, left or changed between two pictures: "3 alarms changed while away". */
export const changedEpisodes = (before: OpenAlarms, after: OpenAlarms): readonly EpisodeId[] => {
  const gone = [...before.keys()].filter((id) => !after.has(id))
  const changed = [...after.values()].filter((alarm) => {
    const old = before.get(alarm.episodeId)
    return old?.version !== alarm.version || old.condition !== alarm.condition || old.priority !== alarm.priority
  })
  return [...gone, ...changed.map((alarm) => alarm.episodeId)]
}
