import { batch, signal } from '@preact/signals'
import type { AlarmView } from '#domain/live/views.ts'
import type { EpisodeFilter } from '#dashboard/core/history-query.ts'
import type { ApiFailure, ServerLink } from '#dashboard/core/worker-protocol.ts'

const pageSize = 100

export interface EpisodesAsked {
  readonly from: number
  readonly to: number
  readonly simulated: boolean
  readonly filter: EpisodeFilter
}

/** Episodes, page by page; what has come stays when the next page does not. */
export class EpisodesModel {
  readonly list = signal<readonly AlarmView[]>([])
  readonly failure = signal<ApiFailure | null>(null)
  readonly waiting = signal(false)
  readonly complete = signal(false)
  readonly asOf = signal<number | null>(null)
  readonly #link: ServerLink
  readonly #asked: EpisodesAsked

  constructor(link: ServerLink, asked: EpisodesAsked) {
    this.#link = link
    this.#asked = asked
  }

  async more(): Promise<void> {
    if (this.waiting.peek() || this.complete.peek()) return
    this.waiting.value = true
    const { from, to, simulated, filter } = this.#asked
    const answer = await this.#link.request<'episodes'>({
      what: 'episodes',
      from,
      to,
      simulated,
      filter,
      before: this.list.peek().at(-1)?.startedAt ?? null,
      limit: pageSize,
    })
    batch(() => {
      this.waiting.value = false
      this.failure.value = answer.ok ? null : answer.failure
      if (!answer.ok) return
      this.list.value = [...this.list.peek(), ...answer.body.alarms]
      this.complete.value = answer.body.alarms.length < pageSize
      this.asOf.value = answer.body.serverTime
    })
  }
}
