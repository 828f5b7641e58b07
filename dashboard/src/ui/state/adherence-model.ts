import { signal } from '@preact/signals'
import type { AdherenceRow, TeamAdherence } from '#domain/live/adherence.ts'
import type { PlanView } from '#dashboard/core/plan-view.ts'
import type { ApiFailure, ServerLink } from '#dashboard/core/worker-protocol.ts'

/** Every night of a pump is read from the store: few pumps at a time, so that each answer comes soon. */
const limit = 3

/** A week of planned deliveries, read a few pumps after the other. */
export class AdherenceModel {
  readonly told = signal<Omit<TeamAdherence, 'rows' | 'offset'> | null>(null)
  readonly rows = signal<readonly AdherenceRow[]>([])
  readonly failure = signal<ApiFailure | null>(null)
  /** Some pumps have not been read yet. */
  readonly reading = signal(false)
  readonly #link: ServerLink
  #question = 0

  constructor(link: ServerLink) {
    this.#link = link
  }

  /** Returns its own end. */
  show(view: PlanView): () => void {
    this.told.value = null
    this.rows.value = []
    void this.#read(view)
    return () => void (this.#question += 1)
  }

  again(view: PlanView): void {
    void this.#read(view)
  }

  async #read({ teamId, weeksAgo }: PlanView): Promise<void> {
    this.#question += 1
    const question = this.#question
    this.reading.value = true
    this.failure.value = null
    let rows: readonly AdherenceRow[] = []
    for (;;) {
      const answer = await this.#link.request<'adherence'>({
        what: 'adherence',
        teamId,
        weeksAgo,
        offset: rows.length,
        limit,
      })
      if (question !== this.#question) return
      if (!answer.ok) {
        this.failure.value = answer.failure
        break
      }
      const { rows: more, offset: _, ...told } = answer.body
      rows = [...rows, ...more]
      this.rows.value = rows
      this.told.value = told
      if (more.length === 0 || rows.length >= told.matched) break
    }
    this.reading.value = false
  }
}
