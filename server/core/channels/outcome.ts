import type { OutgoingAnswer } from '../outgoing.ts'
import type { Delivery } from '../page-channels.ts'

export type Outcome = Delivery['outcome']

/** Words of `reason`, beside those of `OutgoingFailure`: closed, so that they can be counted. */
export type RefusalReason =
  | 'redirected'
  | 'refused'
  | 'not-allowed'
  | 'gone'
  | 'too-large'
  | 'too-many'
  | 'server-error'
  | 'failed'

export const sent: Outcome = { is: 'sent' }

export const undeliverable = (
  reason: string,
  { gone = false, retryAfterMs = null }: { readonly gone?: boolean; readonly retryAfterMs?: number | null } = {},
): Outcome => ({ is: 'undeliverable', reason, gone, retryAfterMs })

const refusal = (status: number): RefusalReason => {
  if (status < 400) return 'redirected'
  if (status >= 500) return 'server-error'
  switch (status) {
    case 401:
    case 403:
      return 'not-allowed'
    case 404:
    case 410:
      return 'gone'
    case 413:
      return 'too-large'
    case 429:
      return 'too-many'
    default:
      return 'refused'
  }
}

/** What an answer means for a page. 404 and 410 say that the address is gone: the caller knows whether for ever. */
export const outcomeOf = (answer: OutgoingAnswer): Outcome => {
  switch (answer.is) {
    case 'timed-out':
      return { is: 'timed-out' }
    case 'failed':
      return undeliverable(answer.reason)
    case 'answered': {
      const { status, retryAfterMs } = answer
      if (status >= 200 && status < 300) return sent
      const reason = refusal(status)
      const waits = reason === 'too-many' || reason === 'server-error'
      return undeliverable(reason, { gone: reason === 'gone', retryAfterMs: waits ? retryAfterMs : null })
    }
  }
}
