import type { PageEvent } from '#domain/paging/events.ts'
import type { PageDelayBook } from './page-delays.ts'

/** Since the start of the server. */
export interface PagingCounters {
  queued: number
  sent: number
  undeliverable: number
  timedOut: number
  /** Answered or over before it left. */
  withdrawn: number
  remindersQueued: number
  callsQueued: number
  /** A place in which nobody could be asked. */
  passedNobody: number
  passedOtherNameSpace: number
  passedDeclined: number
  receiptsTaken: number
  /** Of a page or alarm that is not being paged, or of somebody else's page. */
  receiptsIgnored: number
  /** Looks at alarms that nobody on call could be asked about. */
  nobodyOnCall: number
  /** The journal did not take what was decided; it is decided again. */
  commitsFailed: number
  conflicts: number
}

export const newPagingCounters = (): PagingCounters => ({
  queued: 0,
  sent: 0,
  undeliverable: 0,
  timedOut: 0,
  withdrawn: 0,
  remindersQueued: 0,
  callsQueued: 0,
  passedNobody: 0,
  passedOtherNameSpace: 0,
  passedDeclined: 0,
  receiptsTaken: 0,
  receiptsIgnored: 0,
  nobodyOnCall: 0,
  commitsFailed: 0,
  conflicts: 0,
})

const counterOf = (event: PageEvent): keyof PagingCounters | null => {
  switch (event.type) {
    case 'page-queued':
      if (event.page.kind === 'call') return 'callsQueued'
      return event.page.kind === 'reminder' ? 'remindersQueued' : 'queued'
    case 'place-passed':
      return (
        { nobody: 'passedNobody', 'other-name-space': 'passedOtherNameSpace', declined: 'passedDeclined' } as const
      )[event.reason]
    case 'page-attempted':
      return event.outcome === 'timed-out' ? 'timedOut' : event.outcome
    case 'page-withdrawn':
      return 'withdrawn'
    case 'page-noticed':
      return 'receiptsTaken'
    case 'alarm-declined':
    case 'escalation-heard':
    case 'root-at-rest':
      return null
  }
}

export const countPaging = (
  counters: PagingCounters,
  delays: Pick<PageDelayBook, 'take'>,
  events: readonly PageEvent[],
): void => {
  delays.take(events)
  for (const event of events) {
    const name = counterOf(event)
    if (name !== null) counters[name] += 1
  }
}
