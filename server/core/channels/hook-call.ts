import type { Page } from '#domain/paging/page.ts'
import type { PageEnd } from '#domain/paging/push-message.ts'

/** `end` null: the page itself. */
export interface HookCall {
  readonly page: Page
  readonly end: PageEnd | null
  /** Where the wall is. */
  readonly wall: string
  /** Where a key pressed on a telephone is told. */
  readonly callback: string
  readonly site: string
  /** Seconds since the epoch. */
  readonly at: number
}
