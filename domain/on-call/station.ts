import type { Priority } from '../alarm/codes.ts'
import type { EpisodeId } from '../ids.ts'

/** A station speaks every 2 s; after 5 s without a word it is unattended. */
export const stationSilentAfterMs = 5000

/** A station names no more alarms of a pause than this; when it names so many, the pause counts for all. */
export const namedInPause = 200

/** The sound of one station is off for what sounded when somebody asked for it (alarms.md rule 4). */
export interface StationPause {
  readonly leftMs: number
  readonly priority: Priority
  readonly episodeIds: readonly EpisodeId[]
}

/** What one open screen of a person can do. */
export interface StationFacts {
  /** Since it last spoke, ms. */
  readonly silentMs: number
  readonly visible: boolean
  /** The audio context really ran. */
  readonly audible: boolean
  /** Since somebody pressed a key or a button there, ms. */
  readonly inputAgeMs: number
  /** Null: it sounds whatever is to be heard. */
  readonly pause: StationPause | null
  /** How far its clock is off, ms; null: not known. */
  readonly clockErrorMs: number | null
  /** "Looking only": somebody said there that nobody should count on it. */
  readonly lookingOnly: boolean
}
