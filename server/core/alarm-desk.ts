import type { EpisodeId } from '#domain/ids.ts'
import type { AlarmDetail } from '#domain/live/api.ts'
import type { CommandReply, LiveCommand } from '#domain/live/messages.ts'
import type { AlarmView, Person, Role } from '#domain/live/views.ts'
import type { Instant } from '#domain/time.ts'
import type { AlarmListQuery } from '#domain/live/api.ts'
import type { Sight } from './sight.ts'
import type { TriageDesk } from './triage-desk.ts'
import type { z } from 'zod'

/** `unknown`: there is no such alarm, or it is another team's. */
export type DeskReply = CommandReply | { readonly outcome: 'unknown' }

/** What people do with alarms, over REST and over the live feed alike; everything else is as if it were not there. */
export interface AlarmDesk {
  has(episodeId: EpisodeId): boolean
  /**
   * Resolves after COMMIT. The same `requestId` of the same person again gives the first answer again; another
   * `expectedVersion` than the alarm's is a conflict that says who was faster and when. `role`: without it, what every nurse may.
   */
  act(by: Person, command: LiveCommand, role?: Role): Promise<DeskReply>
  /** Newest start first. */
  list(query: z.infer<typeof AlarmListQuery>): readonly AlarmView[]
  detail(episodeId: EpisodeId): Promise<Omit<AlarmDetail, 'serverTime' | 'paging'> | null>
  /** Alarms of a pump that touch [from, to), for its chart. */
  during(pumpId: AlarmView['pumpId'], from: Instant, to: Instant): readonly AlarmView[]
}

/** A desk for what somebody sees. */
export type DeskOf = (sight: Sight) => AlarmDesk & TriageDesk
