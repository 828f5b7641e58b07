import type { UserId } from '#domain/ids.ts'
import type { Person } from '#domain/live/views.ts'
import type { PageEvent, PageRoot } from '#domain/paging/events.ts'
import type { PagingLog } from '#domain/paging/log.ts'
import { failureReason } from './attempt-outcome.ts'
import type { PageJournal, Unreached } from './page-journal.ts'

export interface Reached {
  readonly yes: readonly Person[]
  readonly no: readonly Unreached[]
}

export interface Addressee {
  readonly person: Person
  readonly simulated: boolean
  /** By telephone. */
  readonly isCall: boolean
}

/** Who could not be reached with the last page, and which alarms nobody on call may be asked about. */
export class ReachBook {
  readonly #journal: PageJournal
  readonly #unreached = new Map<UserId, Unreached>()
  readonly #nobody = new Set<PageRoot>()

  constructor(journal: PageJournal) {
    this.#journal = journal
  }

  /** Also what another process stored meanwhile: `server page test`. */
  async load(): Promise<void> {
    const stored = await this.#journal.unreached()
    this.#unreached.clear()
    for (const one of stored) this.#unreached.set(one.person.userId, one)
  }

  unreached(): readonly Unreached[] {
    return [...this.#unreached.values()]
  }

  isUnreached(userId: UserId): boolean {
    return this.#unreached.has(userId)
  }

  withNobody(): readonly PageRoot[] {
    return [...this.#nobody]
  }

  /** What these events say of people. The last word about each counts. */
  afterwards(events: readonly PageEvent[], addressee: (notificationId: string) => Addressee | null): Reached {
    const yes = new Map<UserId, Person>()
    const no = new Map<UserId, Unreached>()
    for (const event of events) {
      if (event.type !== 'page-attempted') continue
      const found = addressee(event.notificationId)
      if (found === null) continue
      const { person, simulated, isCall } = found
      // A telephone that is not reached takes nothing back: her page went its own way.
      if (isCall && event.outcome !== 'sent') continue
      yes.delete(person.userId)
      no.delete(person.userId)
      const since = this.#unreached.get(person.userId)?.since ?? event.at
      if (event.outcome !== 'sent') no.set(person.userId, { person, simulated, since, reason: failureReason(event) })
      else if (this.#unreached.has(person.userId)) yes.set(person.userId, person)
    }
    return { yes: [...yes.values()], no: [...no.values()] }
  }

  /** A test page got through to this person. Durable when resolved. */
  async gotThrough(userId: UserId): Promise<void> {
    const person = this.#unreached.get(userId)?.person
    if (person === undefined) return
    const reached = { yes: [person], no: [] }
    await this.#journal.commit([], reached)
    this.take(reached)
  }

  /** After the commit. */
  take({ yes, no }: Reached): void {
    for (const { userId } of yes) this.#unreached.delete(userId)
    for (const one of no) this.#unreached.set(one.person.userId, one)
  }

  nobody(root: PageRoot, isSo: boolean): void {
    if (isSo) this.#nobody.add(root)
    else this.#nobody.delete(root)
  }
}

/** Whose page each one in this log is. */
export const addresseesIn = (root: PageRoot, { pages }: PagingLog): readonly (readonly [string, Addressee])[] =>
  pages.map(({ page, userId, name }) => [
    page.notificationId,
    { person: { userId, name }, simulated: root.startsWith('demo/'), isCall: page.kind === 'call' },
  ])
