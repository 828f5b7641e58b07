import { z } from 'zod'
import { EpisodeId } from '../ids.ts'
import { Priority, PrioritySource } from './codes.ts'
import { EpisodeCondition } from './episode.ts'
import { datedMoment, Moment } from './moment.ts'

/** One episode as the fold of the reports sees it. */
export const FoldedEpisode = z.object({
  episodeId: EpisodeId,
  condition: EpisodeCondition,
  /** Date of the latest report, not late, that says the condition is present; null: none since the latest start. */
  statedAt: z.number().nullable(),
  /** Date and boot of the latest report of any kind that named it. */
  namedAt: z.number(),
  namedIn: z.string(),
  /** The end by which the latest run is over; null in early journals, which kept its date only. */
  endedBy: Moment.nullable().default(null),
})
export type FoldedEpisode = Readonly<z.infer<typeof FoldedEpisode>>

/** Everything told about one code on one channel (for `device-text`, one vendor code). */
export const Series = z.object({
  key: z.string(),
  /** Hub episodes that are present now. The condition ends when the last of them does. */
  open: z.array(z.object({ episodeId: EpisodeId, priority: Priority, source: PrioritySource })),
  /** Starts within the recurrence window, oldest first. Early journals kept their dates only. */
  starts: z.array(z.union([Moment, z.number().transform(datedMoment)])),
  episodes: z.array(FoldedEpisode),
})
export type Series = Readonly<z.infer<typeof Series>>
