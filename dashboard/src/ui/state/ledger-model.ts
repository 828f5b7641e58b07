import { batch, signal } from '@preact/signals'
import type { HubId } from '#domain/ids.ts'
import type { HubLedger } from '#domain/live/ledger.ts'
import type { ApiFailure, ServerLink } from '#dashboard/core/worker-protocol.ts'

export const ledgerSpans = [24, 168] as const
export type LedgerSpan = (typeof ledgerSpans)[number]

/** What became of the records of one hub that is open. */
export class LedgerModel {
  readonly ledger = signal<HubLedger | null>(null)
  readonly failure = signal<ApiFailure | null>(null)
  readonly span = signal<LedgerSpan>(24)
  readonly #link: ServerLink
  readonly #hubId: HubId

  constructor(link: ServerLink, hubId: HubId) {
    this.#link = link
    this.#hubId = hubId
  }

  async ask(span: LedgerSpan = this.span.value): Promise<void> {
    this.span.value = span
    const answer = await this.#link.request<'hub-ledger'>({ what: 'hub-ledger', hubId: this.#hubId, hours: span })
    // Somebody chose another span meanwhile.
    if (this.span.value !== span) return
    batch(() => {
      if (answer.ok) this.ledger.value = answer.body
      this.failure.value = answer.ok ? null : answer.failure
    })
  }
}
