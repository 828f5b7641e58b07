import { z } from 'zod'
import { Priority } from '../alarm/codes.ts'
import { EpisodeId } from '../ids.ts'
import { FloodCount } from '../live/views.ts'
import { DutyPlace } from '../on-call/duty.ts'

/**
 * What is sent to one person: enough to be woken and to find the alarm. No name, no drug, no reading (alarms.md, "Paging"):
 * it crosses other companies' servers and lights up on a locked screen.
 */
export const Page = z.object({
  /** The same for every attempt to deliver this page, so that devices fold repetitions. */
  notificationId: z.string(),
  /** The same for all pages about one root cause: what a device shows is replaced, not piled up. Absent: this page alone. */
  thread: z.string().optional(),
  /**
   * `call`: by telephone alone, about a page of which nothing has come back. `reminder`: to the person who accepted, while the alarm goes on
   * (alarms.md rule 4). `escalation`: somebody wants this person to be asked, whoever has the alarm.
   */
  kind: z.enum(['alarm', 'call', 'reminder', 'escalation', 'test']),
  /** Alarms of one root cause travel together; the most urgent first, at most 16. Empty for a test. */
  episodeIds: z.array(EpisodeId),
  priority: Priority,
  place: DutyPlace,
  /** 1 for the first page to this person for these alarms. */
  attempt: z.int().positive(),
  /** Of a reminder: she missed her check-in, and the alarm is asked anew soon. */
  checkIn: z.boolean().optional(),
  /** Of an escalation: help is wanted with so many new alarms. */
  flood: FloodCount.optional(),
  /** Ward or bed label of the pump's assignment, put in as the page leaves: none is kept with a page (security.md 10). */
  ward: z.string().nullable(),
  simulated: z.boolean(),
  /** When it was decided, server time, ms since the epoch. */
  at: z.int(),
})
export type Page = Readonly<z.infer<typeof Page>>

/** Under which a page is folded with its repetitions. */
export const threadOf = ({ thread, notificationId }: Page): string => thread ?? notificationId

/** DELIVERY region, per recipient and channel (alarms.md). `accepted` and `rejected` are the response of the alarm itself. */
export const Receipt = z.enum(['sent', 'audible', 'viewed', 'undeliverable', 'timed-out'])
export type Receipt = z.infer<typeof Receipt>
