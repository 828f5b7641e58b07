import type { LoggedPage, PagingLog } from '#domain/paging/log.ts'
import type { PageEnd } from '#domain/paging/push-message.ts'
import type { PageChannels } from '../page-channels.ts'

const remembered = 10_000

/** Tells devices that a page needs nobody any more. Best effort: nothing hangs on it, and a restart may forget it. */
export class CallOff {
  readonly #channels: Pick<PageChannels, 'over'>
  readonly #told = new Set<string>()

  constructor(channels: Pick<PageChannels, 'over'>) {
    this.#channels = channels
  }

  /** The last page at each person's devices: it has replaced the earlier ones there. */
  tell({ pages }: PagingLog, end: PageEnd): void {
    const last = new Map(pages.filter(isOut).map(({ page, userId }) => [userId, page]))
    for (const [userId, page] of last) {
      if (this.#told.has(page.notificationId)) continue
      this.#told.add(page.notificationId)
      void this.#channels.over(page, userId, end)
    }
    for (const id of this.#told) {
      if (this.#told.size <= remembered) return
      this.#told.delete(id)
    }
  }
}

const isOut = ({ page, state }: LoggedPage): boolean => page.kind === 'alarm' && state === 'sent'
