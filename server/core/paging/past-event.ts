import type { PageEvent } from '#domain/paging/events.ts'

/** With its own date no later than now: a wall clock that went back while the server was down must not put a deadline off. */
export const notAfter = (event: PageEvent, now: number): PageEvent => {
  const at = Math.min(event.at, now)
  return event.type === 'page-queued'
    ? { ...event, at, page: { ...event.page, at: Math.min(event.page.at, now) } }
    : { ...event, at }
}
