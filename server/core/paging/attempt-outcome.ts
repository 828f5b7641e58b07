import type { DeliveryNote, PageEvent } from '#domain/paging/events.ts'
import type { Delivery } from '../page-channels.ts'

type Attempted = Extract<PageEvent, { type: 'page-attempted' }>

const note = ({ channel, address, outcome }: Delivery): DeliveryNote => ({
  channel,
  address,
  outcome: outcome.is,
  reason: outcome.is === 'undeliverable' ? outcome.reason : null,
})

/** One address that took it is enough; without any address nobody can be reached. */
export const attemptOutcome = (notificationId: string, deliveries: readonly Delivery[], at: number): Attempted => {
  const is = (wanted: DeliveryNote['outcome']): boolean => deliveries.some(({ outcome }) => outcome.is === wanted)
  const outcome = is('sent') ? 'sent' : is('timed-out') && !is('undeliverable') ? 'timed-out' : 'undeliverable'
  return { type: 'page-attempted', at, notificationId, outcome, deliveries: deliveries.map(note) }
}

/** In a few words, for the alarm that says who cannot be reached. */
export const failureReason = ({ deliveries }: Attempted): string => {
  const [first] = deliveries
  if (first === undefined) return 'no device and no hook'
  return `${first.channel}: ${first.reason ?? 'no answer in time'}`
}
