import { signal } from '@preact/signals'
import type { SessionList } from '#domain/live/sessions.ts'
import type { ApiAnswer, ApiFailure, ServerLink } from '#dashboard/core/worker-protocol.ts'

/** Where one is signed in; what was told stays when the next answer does not come. */
export class SessionsModel {
  readonly told = signal<SessionList | null>(null)
  readonly failure = signal<ApiFailure | null>(null)
  readonly #link: ServerLink

  constructor(link: ServerLink) {
    this.#link = link
  }

  async ask(): Promise<void> {
    const answer = await this.#link.request<'sessions'>({ what: 'sessions' })
    this.failure.value = answer.ok ? null : answer.failure
    if (answer.ok) this.told.value = answer.body
  }

  end(sessionId: string): Promise<void> {
    return this.#then(this.#link.request<'session-end'>({ what: 'session-end', sessionId }))
  }

  endOthers(): Promise<void> {
    return this.#then(this.#link.request<'session-end-others'>({ what: 'session-end-others' }))
  }

  async #then(asked: Promise<ApiAnswer<'session-end' | 'session-end-others'>>): Promise<void> {
    const answer = await asked
    // One that is gone already is what was wanted.
    if (!answer.ok && answer.failure !== 'not-found') this.failure.value = answer.failure
    else await this.ask()
  }
}
