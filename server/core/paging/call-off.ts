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

  /** The last page at each person's devices: it has replaced the earlier ones there. `isWanted`: what is not over. */
  tell({ pages }: PagingLog, end: PageEnd, isWanted: (logged: LoggedPage) => boolean): void {
    const out = pages.filter(isOut).map((logged) => [logged.userId, logged] as const)
    const last = new Map([...new Map(out)].flatMap(([id, logged]) => (isWanted(logged) ? [] : [[id, logged.page]])))
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

const isOut = ({ page, state }: LoggedPage): boolean =>
  page.kind !== 'reminder' && page.kind !== 'call' && state === 'sent'
