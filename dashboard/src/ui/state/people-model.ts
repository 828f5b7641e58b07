import { signal } from '@preact/signals'
import type { UserId } from '#domain/ids.ts'
import type { InvitationLink, PersonView } from '#domain/people/people-api.ts'
import type { SessionView } from '#domain/live/sessions.ts'
import type { RequestOf, ServerLink } from '#dashboard/core/worker-protocol.ts'
import { AdminModel } from './admin-model.ts'

type Done =
  | 'people-withdraw'
  | 'people-role'
  | 'people-disabled'
  | 'people-reset-factors'
  | 'people-teams'
  | 'people-sessions-end'

/** A link as long as its dialog is open: the page keeps it nowhere else. */
export interface ShownLink extends InvitationLink {
  readonly name: string
}

/** Everybody who has an account, and what an administrator does to one of them. */
export class PeopleModel extends AdminModel<'people'> {
  readonly link = signal<ShownLink | null>(null)
  readonly chosen = signal<UserId | null>(null)
  readonly sessions = signal<readonly SessionView[] | null>(null)
  /** The last act that was done. */
  readonly done = signal<Done | 'people-session-end' | null>(null)

  constructor(server: ServerLink) {
    super(server, { what: 'people' })
  }

  get person(): PersonView | null {
    return this.told.value?.people.find(({ userId }) => userId === this.chosen.value) ?? null
  }

  choose(userId: UserId | null): void {
    this.chosen.value = userId
    this.failure.value = null
    this.done.value = null
    this.sessions.value = null
    if (userId === null) return
    // What is said of her, her duty among it, is not a minute old.
    void this.ask()
    void this.#askSessions(userId)
  }

  /** False: nobody was added. */
  async add(request: RequestOf<'people-add'>): Promise<boolean> {
    const answer = await this.send<'people-add'>(request)
    if (answer.ok) this.link.value = { ...answer.body, name: request.person.name }
    return answer.ok
  }

  async invite({ userId, name }: PersonView): Promise<void> {
    const answer = await this.send<'people-invite'>({ what: 'people-invite', userId })
    if (!answer.ok) return
    this.chosen.value = null
    this.link.value = { ...answer.body, name }
  }

  async act<W extends Done>(request: RequestOf<W>): Promise<void> {
    const answer = await this.send<W>(request)
    this.done.value = answer.ok ? request.what : null
    const chosen = this.chosen.peek()
    if (chosen !== null) await this.#askSessions(chosen)
  }

  async endSession(userId: UserId, sessionId: string): Promise<void> {
    const answer = await this.send<'people-session-end'>({ what: 'people-session-end', userId, sessionId })
    this.done.value = answer.ok ? 'people-session-end' : null
    await this.#askSessions(userId)
  }

  async #askSessions(userId: UserId): Promise<void> {
    const answer = await this.server.request<'people-sessions'>({ what: 'people-sessions', userId })
    if (this.chosen.peek() === userId && answer.ok) this.sessions.value = answer.body.sessions
  }
}
