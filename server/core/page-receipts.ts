import type { UserId } from '#domain/ids.ts'
import type { Instant } from '#domain/time.ts'
import type { Delivery } from './page-channels.ts'

/** What a device or a page says of a page that reached it. */
export interface PageShown {
  readonly notificationId: string
  readonly userId: UserId
  readonly channel: Delivery['channel']
  readonly address: string
  /** `shown`: it is on the screen. `viewed`: somebody pressed it. */
  readonly step: 'shown' | 'viewed'
  readonly at: Instant
}

/** Paging, as channels see it. */
export interface PageReceipts {
  /** A repetition has no effect; a page that nobody knows (a test) is not an error. */
  shown(receipt: PageShown): Promise<void>
  /** A key was pressed during the call about this page. */
  pressed(notificationId: string): Promise<void>
}
