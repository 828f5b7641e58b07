import { signal } from '@preact/signals'
import type { Supply } from '#domain/live/supply.ts'
import type { TeamId } from '#domain/on-call/duty.ts'
import type { ApiFailure, ServerLink } from '#dashboard/core/worker-protocol.ts'

const askEveryMs = 30_000
const limit = 200

/** What runs out first, asked again while nobody is at the list; what was told last stays when an answer does not come. */
export class SupplyModel {
  readonly told = signal<Supply | null>(null)
  readonly failure = signal<ApiFailure | null>(null)
  readonly #link: ServerLink
  #teamId: TeamId | null = null
  #asked = 0

  constructor(link: ServerLink) {
    this.#link = link
  }

  /** Returns its own end. */
  start(teamId: TeamId | null, isTouched: () => boolean): () => void {
    this.#teamId = teamId
    void this.ask()
    const timer = setInterval(() => {
      if (!isTouched()) void this.ask()
    }, askEveryMs)
    return () => {
      clearInterval(timer)
      this.#asked += 1
    }
  }

  async ask(): Promise<void> {
    this.#asked += 1
    const question = this.#asked
    const answer = await this.#link.request<'supply'>({ what: 'supply', teamId: this.#teamId, limit })
    if (question !== this.#asked) return
    if (answer.ok) this.told.value = answer.body
    this.failure.value = answer.ok ? null : answer.failure
  }
}
