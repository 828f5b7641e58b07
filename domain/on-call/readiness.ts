import { z } from 'zod'
import { DutyPlace } from './duty.ts'

/** What somebody signed in for. It changes no paging: the rota does. */
export const DutyChoice = z.enum(['on-call', 'backup', 'looking'])
export type DutyChoice = z.infer<typeof DutyChoice>

/** What is tried before a shift: sound heard, a push shown, its test page seen, screen kept awake, browser known to do all this. */
export const ReadyItem = z.enum(['sound', 'push', 'page', 'screen', 'browser'])
export type ReadyItem = z.infer<typeof ReadyItem>

/** What did not work, and why she goes on duty all the same; the lead reads it. */
export const NotReady = z.object({ item: ReadyItem, reason: z.string().trim().min(1).max(300) })

export const ReadinessBody = z.object({ duty: DutyChoice, failing: z.array(NotReady).max(ReadyItem.options.length) })
export type ReadinessBody = Readonly<z.infer<typeof ReadinessBody>>

export const Readiness = ReadinessBody.extend({ at: z.int() })
export type Readiness = Readonly<z.infer<typeof Readiness>>

/** Answer of `/api/v1/readiness`. */
export const ReadinessState = z.object({
  /** What one said last; null: never. */
  readiness: Readiness.nullable(),
  /** One's own duties by the rota that run now or begin within 24 h. */
  planned: z.array(z.object({ team: z.string(), place: DutyPlace, from: z.int(), to: z.int() })),
  serverTime: z.int(),
})
export type ReadinessState = Readonly<z.infer<typeof ReadinessState>>
