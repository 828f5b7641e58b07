import type { UserId } from '#domain/ids.ts'
import type { Page } from '#domain/paging/page.ts'
import type { PageEnd } from '#domain/paging/push-message.ts'
import type { Delivery, PageChannels } from '#server/core/page-channels.ts'

/** `never` breaks the promise of `PageChannels` on purpose: who relies on it has to bear that, too. */
export type Answer = 'sent' | 'undeliverable' | 'timed-out' | 'no-address' | 'never'

export interface SentPage {
  readonly page: Page
  readonly userId: UserId
}

/** The channels under a test's control. `sent` has every attempt in order, whatever became of it. */
export class FakeChannels implements PageChannels {
  readonly sent: SentPage[] = []
  /** Pages that need nobody any more, as `id why`. */
  readonly ended: string[] = []
  answer: (sent: SentPage) => Answer = () => 'sent'

  async over(page: Page, _userId: UserId, end: PageEnd): Promise<readonly Delivery[]> {
    this.ended.push(`${page.notificationId} ${end}`)
    return []
  }

  async send(page: Page, userId: UserId): Promise<readonly Delivery[]> {
    const one = { page, userId }
    this.sent.push(one)
    const answer = this.answer(one)
    if (answer === 'never') return new Promise(() => undefined)
    if (answer === 'no-address') return []
    const outcome =
      answer === 'undeliverable' ? { is: answer, reason: 'refused', gone: false, retryAfterMs: null } : { is: answer }
    return [{ channel: 'web-push', address: 'phone', outcome }]
  }
}
