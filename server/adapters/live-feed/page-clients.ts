import type { Socket } from 'socket.io'
import { liveEvents } from '#domain/live/messages.ts'
import type { Page } from '#domain/paging/page.ts'
import type { Scheduler } from '#domain/time.ts'

/** Sends a page to these sockets. How many said within `limitMs` that they have it; one is not waited for longer than all. */
export const pageClients = (
  sockets: readonly Socket[],
  page: Page,
  limitMs: number,
  scheduler: Scheduler,
): Promise<number> =>
  new Promise((resolve) => {
    let answered = 0
    const cancel = scheduler.after(limitMs, () => resolve(answered))
    for (const socket of sockets)
      socket.emit(liveEvents.page, page, () => {
        answered += 1
        if (answered < sockets.length) return
        cancel()
        resolve(answered)
      })
  })
