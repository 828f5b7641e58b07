import { ServerError } from './errors.ts'

/** Runs tasks of one key one after the other, in the order of arrival; tasks of different keys do not wait for each other. */
export class KeyedQueue {
  readonly #tails = new Map<string, { readonly tail: Promise<unknown>; readonly waiting: number }>()
  readonly #limit: number

  /** `limit`: tasks of one key that may be running or waiting; one more is refused with `SRV_BUSY`. */
  constructor(limit: number) {
    this.#limit = limit
  }

  async run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(key)
    const waiting = (before?.waiting ?? 0) + 1
    if (waiting > this.#limit) throw new ServerError('SRV_BUSY', `${this.#limit} tasks are waiting for ${key}`)
    const result = (before?.tail ?? Promise.resolve()).then(task)
    this.#tails.set(key, { tail: result.catch(() => undefined), waiting })
    try {
      return await result
    } finally {
      const now = this.#tails.get(key)
      if (now !== undefined && now.waiting > 1) this.#tails.set(key, { ...now, waiting: now.waiting - 1 })
      else this.#tails.delete(key)
    }
  }
}
