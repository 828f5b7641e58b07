import type { EpisodeId } from '#domain/ids.ts'
import type { PageNotice } from '#domain/live/messages.ts'
import type { AlarmView } from '#domain/live/views.ts'

export type ReceiptKind = PageNotice['kind']

type Standing = Pick<AlarmView, 'episodeId' | 'version' | 'recurrence' | 'priority'>

/** An alarm as it stands: a re-start, a rise or an answer makes another one of it, of which everything has to be said anew. */
const standing = ({ episodeId, version, recurrence, priority }: Standing): string =>
  `${episodeId}|${version}|${recurrence}|${priority}`

/** A row is looked at when it was in sight for so long. */
const seenAfterMs = 1_000
/** A page in front that nobody touched for this long proves no eyes. */
const activeWithinMs = 60_000

export interface Eyes {
  /** Alarms whose rows are in view. */
  readonly inSight: ReadonlySet<EpisodeId>
  /** The page is in front, live, and nothing covers it. */
  readonly isOpen: boolean
  readonly inputAgeMs: number
}

/** Which alarms this station has made heard and which were looked at here. Each is told once. Times are the page's monotonic ms. */
export class AlarmReceipts {
  #soundingSince: ReadonlyMap<string, { readonly alarm: Standing; readonly since: number }> = new Map()
  #inSightSince: ReadonlyMap<string, number> = new Map()
  readonly #told = new Set<string>()

  /** What is to be heard here from now on; nothing while the sound is paused, off, or another tab's. */
  sounding(alarms: Iterable<Standing>, now: number): void {
    const before = this.#soundingSince
    this.#soundingSince = new Map(
      [...alarms].map((alarm) => {
        const key = standing(alarm)
        return [key, { alarm, since: before.get(key)?.since ?? now }]
      }),
    )
  }

  /** A burst of this priority was played to its end: of which alarms it was the sound, all the while. */
  heard(priority: AlarmView['priority'], startedAt: number): readonly EpisodeId[] {
    const heard = [...this.#soundingSince.values()]
      .filter(({ alarm, since }) => alarm.priority === priority && since <= startedAt)
      .map(({ alarm }) => alarm)
    return this.#once('audible', heard)
  }

  /** Called a few times a second. */
  seen(alarms: Iterable<Standing>, { inSight, isOpen, inputAgeMs }: Eyes, now: number): readonly EpisodeId[] {
    const before = this.#inSightSince
    const looked = isOpen && inputAgeMs <= activeWithinMs
    const visible = looked ? [...alarms].filter(({ episodeId }) => inSight.has(episodeId)) : []
    this.#inSightSince = new Map(visible.map((alarm) => [standing(alarm), before.get(standing(alarm)) ?? now]))
    return this.#once(
      'viewed',
      visible.filter((alarm) => now - (this.#inSightSince.get(standing(alarm)) ?? now) >= seenAfterMs),
    )
  }

  /** Somebody else signs in. */
  forget(): void {
    this.#soundingSince = new Map()
    this.#inSightSince = new Map()
    this.#told.clear()
  }

  #once(kind: ReceiptKind, alarms: readonly Standing[]): readonly EpisodeId[] {
    const fresh = alarms.filter((alarm) => !this.#told.has(`${kind} ${standing(alarm)}`))
    for (const alarm of fresh) this.#told.add(`${kind} ${standing(alarm)}`)
    for (const old of this.#told) {
      if (this.#told.size <= mostTold) break
      this.#told.delete(old)
    }
    return fresh.map(({ episodeId }) => episodeId)
  }
}

const mostTold = 20_000
