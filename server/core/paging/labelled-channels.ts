import { PumpId } from '#domain/ids.ts'
import type { Page } from '#domain/paging/page.ts'
import type { PageChannels } from '../page-channels.ts'

const pumpOf = (thread: string | undefined): PumpId | null => {
  const [, id] = /^(?:real|demo)\/pump:(.+)$/.exec(thread ?? '') ?? []
  return id === undefined ? null : PumpId.parse(id)
}

/**
 * Puts the bed's label in as a page leaves. The journal of pages holds none: what is about a person stands in one table alone
 * (security.md 10), and a page that waited over a restart tells the label of now.
 */
export const labelledChannels = (channels: PageChannels, labelOf: (pumpId: PumpId) => string | null): PageChannels => {
  const labelled = (page: Page): Page => {
    const pumpId = pumpOf(page.thread)
    return { ...page, ward: pumpId === null ? null : labelOf(pumpId) }
  }
  return {
    send: async (page, userId) => await channels.send(labelled(page), userId),
    over: async (page, userId, end) => await channels.over(labelled(page), userId, end),
  }
}
