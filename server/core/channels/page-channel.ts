import type { UserId } from '#domain/ids.ts'
import type { Page } from '#domain/paging/page.ts'
import type { PageEnd } from '#domain/paging/push-message.ts'
import type { Delivery } from '../page-channels.ts'

/** One way to reach a person. Same promises as `PageChannels`; a person without an address there is an empty list. */
export interface PageChannel {
  readonly channel: Delivery['channel']
  send(page: Page, userId: UserId): Promise<readonly Delivery[]>
  /** Tells whoever got the page that it is over, where the other side can show that. */
  over(page: Page, userId: UserId, end: PageEnd): Promise<readonly Delivery[]>
  /** Looks whether the channel would work, without paging anybody. Null: nothing to look at. */
  selfTest(): Promise<SelfTest | null>
}

/** `reason` of the first thing that does not work; null: all of it does. */
export interface SelfTest {
  readonly reason: string | null
}
