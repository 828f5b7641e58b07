import type { PageRoot, Question } from '#domain/paging/events.ts'
import type { Page } from '#domain/paging/page.ts'
import { comparePriority } from '#domain/alarm/priority-rank.ts'
import type { UserId } from '#domain/ids.ts'
import type { Scheduler } from '#domain/time.ts'
import type { Log } from '../log.ts'
import type { Delivery, PageChannels } from '../page-channels.ts'

export interface Letter {
  readonly root: PageRoot
  readonly page: Page
  readonly about: readonly Question[]
  readonly userId: UserId
}

export interface PageSenderDependencies {
  readonly channels: PageChannels
  readonly scheduler: Scheduler
  readonly log: Log
  /** Asked at the moment it leaves: false sends it back undelivered. */
  readonly isWanted: (letter: Letter) => boolean
  /** Null: it was not wanted any more and did not leave. */
  readonly answered: (letter: Letter, deliveries: readonly Delivery[] | null) => void
}

const atOnce = 32
/** Channels promise an answer within 10 s. */
const deadlineMs = 15_000

const inVain = (is: 'timed-out' | 'undeliverable'): Delivery => ({
  channel: 'dashboard',
  address: 'any',
  outcome: is === 'timed-out' ? { is } : { is, reason: 'the channels failed', gone: false, retryAfterMs: null },
})

/** Carries committed pages to the channels, the most urgent first, so many side by side. */
export class PageSender {
  readonly #deps: PageSenderDependencies
  readonly #waiting: Letter[] = []
  readonly #inHand = new Set<string>()
  readonly #leaving = new Set<string>()
  #stopped = false

  constructor(deps: PageSenderDependencies) {
    this.#deps = deps
  }

  /** On their way at this moment. */
  get leaving(): ReadonlySet<string> {
    return this.#leaving
  }

  /** A page that is in hand already is not taken twice. */
  post(letter: Letter): void {
    const id = letter.page.notificationId
    if (this.#stopped || this.#inHand.has(id)) return
    this.#inHand.add(id)
    const behind = this.#waiting.findIndex(({ page }) => comparePriority(letter.page.priority, page.priority) > 0)
    this.#waiting.splice(behind === -1 ? this.#waiting.length : behind, 0, letter)
    this.#next()
  }

  /** Its outcome is on record. Until then it is in hand, or it would be sent again. */
  release(notificationId: string): void {
    this.#inHand.delete(notificationId)
  }

  stop(): void {
    this.#stopped = true
    this.#waiting.length = 0
  }

  #next(): void {
    while (this.#leaving.size < atOnce) {
      const letter = this.#waiting.shift()
      if (letter === undefined) return
      const id = letter.page.notificationId
      if (this.#deps.isWanted(letter)) {
        this.#leaving.add(id)
        void this.#send(letter)
      } else {
        this.#inHand.delete(id)
        this.#deps.answered(letter, null)
      }
    }
  }

  async #send(letter: Letter): Promise<void> {
    const deliveries = await this.#tried(letter)
    const id = letter.page.notificationId
    this.#leaving.delete(id)
    if (this.#stopped) return
    this.#deps.answered(letter, deliveries)
    this.#next()
  }

  async #tried({ root, page, userId }: Letter): Promise<readonly Delivery[]> {
    const { channels, scheduler, log } = this.#deps
    const { promise: late, resolve } = Promise.withResolvers<readonly Delivery[]>()
    const cancel = scheduler.after(deadlineMs, () => resolve([inVain('timed-out')]))
    try {
      return await Promise.race([channels.send({ ...page, thread: root }, userId), late])
    } catch (error) {
      log.error({ err: error }, 'the paging channels failed')
      return [inVain('undeliverable')]
    } finally {
      cancel()
    }
  }
}
