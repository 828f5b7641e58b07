import { batch, signal } from '@preact/signals'
import type { HubId } from '#domain/ids.ts'
import type { HubActKind, HubLogEntry, HubRecord } from '#domain/live/hub-log.ts'
import type { ApiFailure, ServerLink } from '#dashboard/core/worker-protocol.ts'

export type HubActStep = 'idle' | 'sending' | 'stored' | 'failed'

/** Of one hub that is open: what was done about it and, for engineers, what it sent. */
export class HubLogModel {
  readonly entries = signal<readonly HubLogEntry[] | null>(null)
  readonly records = signal<readonly HubRecord[] | null>(null)
  readonly failure = signal<ApiFailure | null>(null)
  readonly step = signal<HubActStep>('idle')
  readonly #link: ServerLink
  readonly #hubId: HubId
  /** The same until the server has it, so that a second press stores nothing twice. */
  #requestId: string | null = null

  constructor(link: ServerLink, hubId: HubId) {
    this.#link = link
    this.#hubId = hubId
  }

  async open(mayReadRecords: boolean): Promise<void> {
    const hubId = this.#hubId
    const [log, records] = await Promise.all([
      this.#link.request<'hub-log'>({ what: 'hub-log', hubId }),
      mayReadRecords ? this.#link.request<'hub-records'>({ what: 'hub-records', hubId }) : null,
    ])
    batch(() => {
      if (log.ok) this.entries.value = log.body.entries
      if (records?.ok === true) this.records.value = records.body.records
      this.failure.value = log.ok ? (records === null || records.ok ? null : records.failure) : log.failure
    })
  }

  /** Whether the server has it. */
  async act(kind: HubActKind, text: string): Promise<boolean> {
    this.step.value = 'sending'
    this.#requestId ??= crypto.randomUUID()
    const body = { requestId: this.#requestId, kind, text }
    const answer = await this.#link.request<'hub-act'>({ what: 'hub-act', hubId: this.#hubId, body })
    if (answer.ok) this.#requestId = null
    batch(() => {
      if (answer.ok) this.entries.value = answer.body.entries
      this.step.value = answer.ok ? 'stored' : 'failed'
    })
    return answer.ok
  }
}
