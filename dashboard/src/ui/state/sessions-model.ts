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
    const answer = await this.#link.request<'people-own-sessions'>({ what: 'people-own-sessions' })
    this.failure.value = answer.ok ? null : answer.failure
    if (answer.ok) this.told.value = answer.body
  }

  end(sessionId: string): Promise<void> {
    return this.#then(this.#link.request<'people-own-session-end'>({ what: 'people-own-session-end', sessionId }))
  }

  endOthers(): Promise<void> {
    return this.#then(this.#link.request<'people-own-sessions-end'>({ what: 'people-own-sessions-end' }))
  }

  async #then(asked: Promise<ApiAnswer<'people-own-session-end' | 'people-own-sessions-end'>>): Promise<void> {
    const answer = await asked
    // One that is gone already is what was wanted.
    if (!answer.ok && answer.failure !== 'not-found') this.failure.value = answer.failure
    else await this.ask()
  }
}
