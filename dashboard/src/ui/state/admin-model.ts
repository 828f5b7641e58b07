import { signal } from '@preact/signals'
import type { ApiAnswer, ApiResults, RequestOf, ServerLink } from '#dashboard/core/worker-protocol.ts'

type List = 'people' | 'registry'

/** A list that an administrator changes one act at a time. It is asked for again after each, whatever came of it. */
export class AdminModel<L extends List> {
  readonly told = signal<ApiResults[L] | null>(null)
  /** Why the last question or act came to nothing; null: it did not. */
  readonly failure = signal<Extract<ApiAnswer, { ok: false }> | null>(null)
  readonly busy = signal(false)
  readonly #list: RequestOf<L>
  protected readonly server: ServerLink

  constructor(server: ServerLink, list: RequestOf<L>) {
    this.server = server
    this.#list = list
  }

  async ask(): Promise<void> {
    const answer = await this.server.request<L>(this.#list)
    if (answer.ok) this.told.value = answer.body
    else this.failure.value = answer
  }

  protected async send<W extends keyof ApiResults>(request: RequestOf<W>): Promise<ApiAnswer<W>> {
    this.busy.value = true
    this.failure.value = null
    const answer = await this.server.request<W>(request)
    this.busy.value = false
    if (!answer.ok) this.failure.value = answer
    await this.ask()
    return answer
  }
}
