import type { UserId } from '#domain/ids.ts'
import type { Page } from '#domain/paging/page.ts'
import type { PageEnd } from '#domain/paging/push-message.ts'

/** What became of one page on one address of a person. */
export interface Delivery {
  readonly channel: 'web-push' | 'webhook' | 'dashboard'
  /** Which device, hook or open page; never a URL or a token. */
  readonly address: string
  readonly outcome:
    | { readonly is: 'sent' }
    /** The other side said no, or cannot be reached. `gone`: it will never work again and was dropped. */
    | {
        readonly is: 'undeliverable'
        readonly reason: string
        readonly gone: boolean
        readonly retryAfterMs: number | null
      }
    | { readonly is: 'timed-out' }
}

/** Every way to reach a person. */
export interface PageChannels {
  /**
   * Tries all addresses of that person side by side. Never rejects, and answers within 10 s; an empty list means that the person
   * has no address at all, which is as bad as a refusal.
   */
  send(page: Page, userId: UserId): Promise<readonly Delivery[]>
  /** Tells whoever got this page that it needs nobody any more, where the other side can show that. Never rejects; nothing hangs on it. */
  over(page: Page, userId: UserId, end: PageEnd): Promise<readonly Delivery[]>
}
