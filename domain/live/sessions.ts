import { z } from 'zod'

/** One place where somebody is signed in. */
export const SessionView = z.object({
  /** Names it in requests; it lets nobody in. */
  sessionId: z.string(),
  /** Such as "Chrome on Android"; empty: not known. */
  device: z.string(),
  /** The network it was opened from, coarsely (domain/coarse-address.ts); empty: not known. */
  origin: z.string(),
  startedAt: z.int(),
  lastSeenAt: z.int(),
  /** Its absolute end. */
  endsAt: z.int(),
  /** The one that asks. */
  current: z.boolean(),
})
export type SessionView = Readonly<z.infer<typeof SessionView>>

export const SessionList = z.object({ sessions: z.array(SessionView), serverTime: z.int() })
export type SessionList = z.infer<typeof SessionList>
