import { z } from 'zod'
import { Priority } from '../alarm/codes.ts'
import { EpisodeId, UserId } from '../ids.ts'
import { Person } from '../live/views.ts'
import { DutyPlace } from '../on-call/duty.ts'
import { Page } from './page.ts'

// What was done about one root's alarms: append-only, plain JSON, past tense. Times are the paging clock's, ms since the epoch.

/**
 * Whose alarms travel together: a pump, a hub or the site. Simulated alarms have a root of their own, so that they never share a
 * page with real ones.
 */
export const PageRoot = z
  .string()
  .regex(/^(real|demo)\/(pump:|hub:|site$)/)
  .brand<'PageRoot'>()
export type PageRoot = z.infer<typeof PageRoot>

/** One address of the person, and what became of the page there. Never a URL or a token. */
export const DeliveryNote = z.object({
  channel: z.string(),
  address: z.string(),
  outcome: z.enum(['sent', 'undeliverable', 'timed-out']),
  reason: z.string().nullable(),
})
export type DeliveryNote = Readonly<z.infer<typeof DeliveryNote>>

/** Why nobody in a place was paged. */
export const PassReason = z.enum(['nobody', 'other-name-space', 'declined'])
export type PassReason = z.infer<typeof PassReason>

/**
 * Which question a page asked: the alarm, and the version of its response then. Answered or given back, it is another question.
 * Versions come from the alarm's journal, so no clock can confuse them.
 */
export const Question = z.object({ episodeId: EpisodeId, version: z.int().nonnegative() })
export type Question = Readonly<z.infer<typeof Question>>

const at = { at: z.number() }

export const PageEvent = z.discriminatedUnion('type', [
  /** Decided. It leaves after the commit of this event, and again with the same id until an attempt is on record. */
  z.object({
    type: z.literal('page-queued'),
    ...at,
    page: Page,
    to: Person,
    about: z.array(Question),
    /** It left before the end of the hold-off, because nobody would have heard or seen the alarms at a station. */
    unattended: z.literal(true).optional(),
  }),
  z.object({
    type: z.literal('place-passed'),
    ...at,
    place: DutyPlace,
    reason: PassReason,
    priority: Priority,
    about: z.array(Question),
  }),
  /** All addresses were tried. None: the person has none. */
  z.object({
    type: z.literal('page-attempted'),
    ...at,
    notificationId: z.string(),
    outcome: z.enum(['sent', 'undeliverable', 'timed-out']),
    deliveries: z.array(DeliveryNote),
  }),
  /** It was still waiting when somebody answered or the condition was over: it never left. */
  z.object({ type: z.literal('page-withdrawn'), ...at, notificationId: z.string() }),
  /** A receipt of a person's device: of a page, or of alarms at a station of hers. */
  z.object({
    type: z.literal('page-noticed'),
    ...at,
    userId: UserId,
    kind: z.enum(['shown', 'audible', 'viewed']),
    notificationId: z.string().nullable(),
    /** Of these alarms, and of no page. */
    episodeIds: z.array(EpisodeId).optional(),
    name: z.string().optional(),
    station: z.string(),
  }),
  z.object({ type: z.literal('alarm-declined'), ...at, episodeId: EpisodeId, by: Person }),
  /** Somebody wanted others to be asked; null: nobody could be. `askedAt`: the act's stamp in the alarm's journal. */
  z.object({
    type: z.literal('escalation-heard'),
    ...at,
    episodeId: EpisodeId,
    askedAt: z.number(),
    to: Person.nullable(),
  }),
  /** Nothing unanswered and nothing to remind of: what follows begins anew. */
  z.object({ type: z.literal('root-at-rest'), ...at }),
])
export type PageEvent = Readonly<z.infer<typeof PageEvent>>
