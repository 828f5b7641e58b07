import { z } from 'zod'
import { Page } from './page.ts'

/** Why a page needs nobody any more. */
export const PageEnd = z.enum(['accepted', 'ended'])
export type PageEnd = z.infer<typeof PageEnd>

/** A push service takes 4096 bytes, of which the encryption needs 103 (RFC 8291 4, RFC 8188 2). */
export const maxPushBytes = 3993

/** So many alarms of a page are named to a device; `alarms` has the true number. */
export const maxPushedEpisodes = 20

/** Body of a web push: readable by the device alone, not by the push service (RFC 8291). */
export const PushMessage = z.object({
  page: Page,
  alarms: z.int().nonnegative(),
  /** Not null: the page is over, and what is shown of it is replaced. */
  over: PageEnd.nullable(),
  deviceId: z.string(),
  /** Entitles this device to say what became of this page, also when nobody is signed in there. */
  receipt: z.string(),
})
export type PushMessage = z.infer<typeof PushMessage>

/** What a device says of a page: its notification is on the screen; somebody pressed it. */
export const PushReceipt = z.object({
  notificationId: z.string().min(1).max(128),
  deviceId: z.string().min(1).max(64),
  receipt: z.string().min(1).max(64),
  step: z.enum(['shown', 'viewed']),
})
export type PushReceipt = z.infer<typeof PushReceipt>
