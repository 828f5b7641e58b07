import { instant, type Cancel, type Clock, type Instant, type Scheduler } from '#domain/time.ts'

interface Task {
  readonly dueMs: number
  readonly order: number
  /** Null: taken back. */
  run: (() => void) | null
}

const isBefore = (a: Task, b: Task): boolean => a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order)

/** True time, from 0 ms on. It moves from task to task; after each one everything that waits on settled promises runs. */
export class VirtualTime {
  #nowMs = 0
  #order = 0
  /** A binary heap: days of virtual time are millions of tasks. */
  readonly #heap: Task[] = []

  get nowMs(): number {
    return this.#nowMs
  }

  at(dueMs: number, run: () => void): Cancel {
    const task: Task = { dueMs: Math.max(dueMs, this.#nowMs), order: this.#order++, run }
    this.#push(task)
    return () => {
      task.run = null
    }
  }

  after(delayMs: number, run: () => void): Cancel {
    return this.at(this.#nowMs + delayMs, run)
  }

  async runUntil(endMs: number): Promise<void> {
    await settled()
    for (let first = this.#heap[0]; first !== undefined && first.dueMs <= endMs; first = this.#heap[0]) {
      this.#pop()
      if (first.run === null) continue
      this.#nowMs = first.dueMs
      first.run()
      await settled()
    }
    this.#nowMs = endMs
  }

  #push(task: Task): void {
    const heap = this.#heap
    let at = heap.push(task) - 1
    while (at > 0) {
      const above = (at - 1) >> 1
      if (!isBefore(task, heap[above]!)) break
      heap[at] = heap[above]!
      at = above
    }
    heap[at] = task
  }

  #pop(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let at = 0
    for (;;) {
      let below = 2 * at + 1
      if (below >= heap.length) break
      if (below + 1 < heap.length && isBefore(heap[below + 1]!, heap[below]!)) below += 1
      if (!isBefore(heap[below]!, last)) break
      heap[at] = heap[below]!
      at = below
    }
    heap[at] = last
  }
}

/** All microtasks have run when a macrotask does; nothing here waits for real I/O. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** 2026-01-05 18:00:00 UTC, a Monday. */
export const beginsAt = Date.UTC(2026, 0, 5, 18)

/** One start of a program: its clocks and timers. Once it is killed none of its timers runs, and what it waits for never comes. */
export class VirtualProcess implements Clock, Scheduler {
  readonly #time: VirtualTime
  readonly #startedMs: number
  readonly #aheadMs: () => number
  #alive = true

  /** `aheadMs`: by how much the wall clock of its machine is wrong now. */
  constructor(time: VirtualTime, aheadMs: () => number) {
    this.#time = time
    this.#startedMs = time.nowMs
    this.#aheadMs = aheadMs
  }

  get isAlive(): boolean {
    return this.#alive
  }

  now(): Instant {
    return instant(Math.round(beginsAt + this.#time.nowMs + this.#aheadMs()))
  }

  monotonic(): number {
    return this.#time.nowMs - this.#startedMs
  }

  after(delayMs: number, task: () => void): Cancel {
    return this.#time.after(Math.max(0, delayMs), () => {
      if (this.#alive) task()
    })
  }

  kill(): void {
    this.#alive = false
  }

  /** What this program may do with something that outlives it: after its death nothing happens any more, and nothing returns. */
  ofMine<T extends object>(thing: T): T {
    return new Proxy(thing, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target)
        if (typeof value !== 'function') return value
        return (...args: unknown[]): unknown => {
          if (!this.#alive) return new Promise(() => {})
          const result: unknown = Reflect.apply(value, target, args)
          return result instanceof Promise ? this.#whileAlive(result) : result
        }
      },
    })
  }

  #whileAlive(promise: Promise<unknown>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      promise.then(
        (value) => this.#alive && resolve(value),
        (error: unknown) => this.#alive && reject(error),
      )
    })
  }
}
