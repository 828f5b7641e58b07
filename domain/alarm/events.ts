import { z } from 'zod'
import { EpisodeId } from '../ids.ts'
import { FloodCount, Person } from '../live/views.ts'
import { TherapyCriticality } from './codes.ts'
import { EpisodeCondition, Resolution, ShownPriority } from './episode.ts'
import { Report } from './reports.ts'
import { Series } from './series.ts'
import { TriageRecord } from './triage.ts'

// The journal's content: append-only, plain JSON, past tense, each with the time it needs. A field may be added with a default;
// none changes its meaning and none is removed.

/** Whose link: the pump's cable, or the hub that carries it. */
export const LinkRoot = z.enum(['pump', 'hub'])
export type LinkRoot = z.infer<typeof LinkRoot>

const at = { at: z.number() }
const ofEpisode = { episodeId: EpisodeId, ...at }
const byPerson = { ...ofEpisode, by: Person, requestId: z.string() }

export const AlarmEvent = z.discriminatedUnion('type', [
  /** A fact arrived. What it changed follows as events of its own. */
  z.object({ type: z.literal('report-noted'), ...at, report: Report }),
  /** The oldest reports, so many in their order, were folded into `base`; long-closed episodes leave the state (not the journal). */
  z.object({
    type: z.literal('reports-folded'),
    ...at,
    hubReports: z.int().nonnegative(),
    derivedReports: z.int().nonnegative(),
    base: z.array(Series),
    forgotten: z.array(EpisodeId),
  }),
  z.object({ type: z.literal('link-lost'), ...at, root: LinkRoot }),
  z.object({ type: z.literal('link-regained'), ...at, root: LinkRoot }),
  /** Something was dated later than now: the clock of the server has been put back since. */
  z.object({ type: z.literal('clock-put-back'), ...at }),
  z.object({ type: z.literal('criticality-set'), ...at, criticality: TherapyCriticality }),

  z.object({ type: z.literal('episode-opened'), ...ofEpisode, condition: EpisodeCondition, shown: ShownPriority }),
  z.object({
    type: z.literal('condition-changed'),
    ...ofEpisode,
    change: z.enum(['started-again', 'ended', 'became-unverified', 'became-verified', 'detail']),
    condition: EpisodeCondition,
  }),
  z.object({ type: z.literal('priority-changed'), ...ofEpisode, from: ShownPriority, shown: ShownPriority }),
  /** Nobody had it for too long (policy `raiseUnansweredAfterMs`): the rise follows as an event of its own. */
  z.object({ type: z.literal('unanswered-too-long'), ...ofEpisode }),
  /** An earlier report that came late showed two episodes to be one. */
  z.object({ type: z.literal('episode-merged'), ...ofEpisode, into: EpisodeId }),

  z.object({ type: z.literal('episode-seen'), ...byPerson }),
  z.object({ type: z.literal('episode-accepted'), ...byPerson }),
  z.object({ type: z.literal('acceptance-withdrawn'), ...byPerson }),
  z.object({ type: z.literal('episode-rejected'), ...byPerson, reason: z.string() }),
  /** The owner stays the owner until `hand-over-taken`. */
  z.object({ type: z.literal('hand-over-offered'), ...byPerson, to: Person }),
  z.object({ type: z.literal('hand-over-taken'), ...byPerson }),
  z.object({ type: z.literal('hand-over-declined'), ...byPerson, reason: z.string() }),
  z.object({ type: z.literal('hand-over-withdrawn'), ...byPerson }),
  z.object({ type: z.literal('episode-resolved'), ...byPerson, resolution: Resolution }),
  /** "Still on it." */
  z.object({ type: z.literal('checked-in'), ...byPerson }),
  /** By somebody who is not its owner, from an owner who is gone, or by a lead. */
  z.object({ type: z.literal('taken-from'), ...byPerson, from: Person, reason: z.string() }),
  /** Somebody is paged beside the order of paging; null: whoever is next. Owner, priority and version stay. */
  z.object({
    type: z.literal('notification-escalated'),
    ...byPerson,
    to: Person.nullable(),
    flood: FloodCount.optional(),
  }),
  z.object({ type: z.literal('alarm-shelved'), ...byPerson, reason: z.string(), until: z.number() }),
  z.object({ type: z.literal('alarm-unshelved'), ...byPerson }),
  z.object({ type: z.literal('shelf-ended'), ...ofEpisode }),
  /** Its owner did nothing about it for too long. */
  z.object({ type: z.literal('check-in-missed'), ...ofEpisode, owner: Person }),
  /** The clock went back behind the last act of the owner: her time begins anew. */
  z.object({ type: z.literal('check-in-put-back'), ...ofEpisode }),
  /** Nobody has it any more: everybody is asked again, without a new hold-off. */
  z.object({
    type: z.literal('acceptance-lapsed'),
    ...ofEpisode,
    owner: Person,
    why: z.enum(['check-in-missed', 'owner-gone']),
  }),
  /** Of an alarm that is over and that nobody has closed out. */
  z.object({ type: z.literal('owner-gone'), ...ofEpisode, owner: Person }),
  z.object({ type: z.literal('owner-back'), ...ofEpisode, owner: Person }),
  /** The acceptance or outcome no longer stands: everybody is asked again. */
  z.object({
    type: z.literal('response-taken-back'),
    ...ofEpisode,
    reason: z.enum(['priority-raised', 'started-again']),
    owner: Person.nullable(),
  }),
  /** What a nurse wrote down about it; each amendment is the next version. Also after its closing. */
  z.object({ type: z.literal('triage-recorded'), ...byPerson, version: z.int().positive(), record: TriageRecord }),
  z.object({ type: z.literal('episode-closed'), ...ofEpisode, why: z.enum(['resolved', 'low-and-over']) }),
])
export type AlarmEvent = z.infer<typeof AlarmEvent>
