import type { Scheduler } from '#domain/time.ts'

interface Waiting<In, Out> {
  readonly work: In
  readonly weight: number
  readonly resolve: (result: Out) => void
  readonly reject: (error: unknown) => void
}

export interface CommitGroupOptions<In, Out> {
  readonly scheduler: Scheduler
  /** One transaction for all of it, with a result for each. */
  readonly commit: (all: readonly In[]) => Promise<readonly Out[]>
  readonly weigh: (work: In) => number
  /** Work of this weight fits into one transaction; a single piece may be heavier. What is left has the next turn. */
  readonly mostWeight: number
  /** Transactions at once; what comes meanwhile waits for company. Absent: however many. */
  readonly mostAtOnce?: number
  /** A failure is the store's own, whatever it was asked: nothing is tried alone. */
  readonly failsWhole?: boolean
}

/**
 * Commits what has arrived in one turn of the event loop, or while as many transactions as may be were on their way, in one transaction. A
 * hundred hubs that send in the same moment cost one fsync instead of a hundred, and an alarm behind them waits for one.
 */
export class CommitGroup<In, Out> {
  readonly #options: CommitGroupOptions<In, Out>
  #waiting: Waiting<In, Out>[] = []
  #due = false
  #running = 0

  constructor(options: CommitGroupOptions<In, Out>) {
    this.#options = options
  }

  /** Durable when resolved. */
  add(work: In): Promise<Out> {
    const { promise, resolve, reject } = Promise.withResolvers<Out>()
    this.#waiting.push({ work, weight: this.#options.weigh(work), resolve, reject })
    this.#soon()
    return promise
  }

  #soon(): void {
    const { scheduler, mostAtOnce = Infinity } = this.#options
    if (this.#due || this.#waiting.length === 0 || this.#running >= mostAtOnce) return
    this.#due = true
    scheduler.after(0, () => void this.#next())
  }

  async #next(): Promise<void> {
    this.#due = false
    let weight = 0
    const fits = this.#waiting.findIndex((one, place) => (weight += one.weight) > this.#options.mostWeight && place > 0)
    const group = fits === -1 ? this.#waiting : this.#waiting.slice(0, fits)
    this.#waiting = fits === -1 ? [] : this.#waiting.slice(fits)
    this.#running += 1
    this.#soon()
    await this.#commit(group)
    this.#running -= 1
    this.#soon()
  }

  /** What fails together is tried alone: nobody's records stand in the way of everybody's. */
  async #commit(group: readonly Waiting<In, Out>[]): Promise<void> {
    try {
      const results = await this.#options.commit(group.map(({ work }) => work))
      for (const [place, result] of results.entries()) group[place]?.resolve(result)
    } catch (error) {
      if (group.length === 1 || this.#options.failsWhole === true) for (const { reject } of group) reject(error)
      else for (const one of group) await this.#commit([one])
    }
  }
}
