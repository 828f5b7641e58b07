import type { Person } from '#domain/live/views.ts'
import type { Page } from '#domain/paging/page.ts'
import type { Delivery, PageChannels } from '#server/core/page-channels.ts'
import type { DriverLog } from './log.ts'
import type { Nurses } from './nurses.ts'
import { people } from './people.ts'
import type { VirtualTime } from './virtual-time.ts'

export const channelFaults = ['channels-refuse', 'channels-time-out', 'channels-silent', 'no-channel'] as const
export type ChannelFault = (typeof channelFaults)[number]

const refusal: Delivery['outcome'] = { is: 'undeliverable', reason: 'refused', gone: false, retryAfterMs: null }

/** Each person's telephone, which refuses, hangs, says nothing or is not there, as the plan has it. */
export const oracleChannels = (
  time: Pick<VirtualTime, 'nowMs' | 'after'>,
  driver: DriverLog,
  nurses: Pick<Nurses, 'paged'>,
  faultOf: (person: Person) => ChannelFault | null,
): PageChannels => {
  const answered = (delayMs: number, outcome: Delivery['outcome']): Promise<readonly Delivery[]> =>
    new Promise((resolve) => {
      time.after(delayMs, () => resolve([{ channel: 'web-push', address: 'phone', outcome }]))
    })
  return {
    over: async () => [],
    send: (page: Page, userId) => {
      const person = people.find((one) => one.userId === userId)
      const fault = person === undefined ? 'no-channel' : faultOf(person)
      driver.pages.push({ order: driver.nextOrder(), atMs: time.nowMs, page, userId, taken: fault === null })
      switch (fault) {
        case null:
          if (person !== undefined) nurses.paged(person, page)
          return answered(300, { is: 'sent' })
        case 'channels-refuse':
          return answered(200, refusal)
        case 'channels-time-out':
          return answered(5_000, { is: 'timed-out' })
        case 'channels-silent':
          return new Promise(() => {})
        case 'no-channel':
          return Promise.resolve([])
      }
    },
  }
}
