import type { UserId } from '#domain/ids.ts'
import type { Page } from '#domain/paging/page.ts'
import type { Delivery } from '../page-channels.ts'
import type { PageChannel } from './page-channel.ts'
import { sent } from './outcome.ts'

/** Open pages of the dashboard. */
export interface OpenPages {
  /** Shows it on every open page of that person; how many there are, and how many said within `limitMs` that they have it. */
  page(userId: UserId, page: Page, limitMs: number): Promise<{ readonly open: number; readonly answered: number }>
}

const answerLimitMs = 5_000

/**
 * The pages a person has open. One that says it got the page is enough: who has none open has no address here, and an end
 * is seen on the wall itself.
 */
export class DashboardChannel implements PageChannel {
  readonly channel = 'dashboard'
  readonly #pages: () => OpenPages | null

  /** `pages`: null as long as the live feed is not up. */
  constructor(pages: () => OpenPages | null) {
    this.#pages = pages
  }

  async send(page: Page, userId: UserId): Promise<readonly Delivery[]> {
    if (page.kind === 'call') return []
    const result = await this.#pages()?.page(userId, page, answerLimitMs)
    if (result === undefined || result.open === 0) return []
    const outcome = result.answered > 0 ? sent : ({ is: 'timed-out' } as const)
    return [
      { channel: this.channel, address: result.open === 1 ? 'one open page' : `${result.open} open pages`, outcome },
    ]
  }

  over(): Promise<readonly Delivery[]> {
    return Promise.resolve([])
  }

  selfTest(): Promise<null> {
    return Promise.resolve(null)
  }
}
