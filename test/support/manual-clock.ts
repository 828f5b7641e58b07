import { instant } from '#domain/time.ts'
import type { Cancel, Clock, Instant, Scheduler } from '#domain/time.ts'

interface Task {
  readonly due: number
  readonly order: number
  readonly run: () => void
}

/** 2026-01-05 08:00:00 UTC, a Monday: far from any change of the clocks. */
const defaultStart = Date.UTC(2026, 0, 5, 8)

/**
 * A clock and a scheduler that move only when a test says so. Monotonic time starts at `monotonicStart` ms and
 * is independent of the wall clock, which may be stepped with `stepWall`.
 */
export class ManualClock implements Clock, Scheduler {
  #wall: number
  #monotonic: number
  #order = 0
  #tasks: readonly Task[] = []

  constructor(start: number = defaultStart, monotonicStart = 1_000) {
    this.#wall = start
    this.#monotonic = monotonicStart
  }

  now(): Instant {
    return instant(this.#wall)
  }

  monotonic(): number {
    return this.#monotonic
  }

  after(delayMs: number, run: () => void): Cancel {
    const task: Task = { due: this.#monotonic + Math.max(0, delayMs), order: this.#order++, run }
    this.#tasks = [...this.#tasks, task]
    return () => {
      this.#tasks = this.#tasks.filter((other) => other !== task)
    }
  }

  /** Tasks that are waiting. A stopped program leaves none. */
  get pending(): number {
    return this.#tasks.length
  }

  /** Moves both clocks and runs what falls due, in order of its time; tasks set by tasks run too when they fall due. */
  advance(ms: number): void {
    const end = this.#monotonic + ms
    for (let task = this.#take(end); task !== null; task = this.#take(end)) {
      this.#moveTo(Math.max(task.due, this.#monotonic))
      task.run()
    }
    this.#moveTo(end)
  }

  /** Like `advance`, and lets promises settle after each task and at the end: for tasks that start asynchronous work. */
  async advanceAsync(ms: number): Promise<void> {
    const end = this.#monotonic + ms
    await flushMicrotasks()
    for (let task = this.#take(end); task !== null; task = this.#take(end)) {
      this.#moveTo(Math.max(task.due, this.#monotonic))
      task.run()
      await flushMicrotasks()
    }
    this.#moveTo(end)
    await flushMicrotasks()
  }

  /** Steps the wall clock alone, as an operator or a time server does; no task runs. */
  stepWall(ms: number): void {
    this.#wall += ms
  }

  #moveTo(monotonic: number): void {
    this.#wall += monotonic - this.#monotonic
    this.#monotonic = monotonic
  }

  #take(end: number): Task | null {
    const [first] = this.#tasks.filter((task) => task.due <= end).toSorted((a, b) => a.due - b.due || a.order - b.order)
    if (first === undefined) return null
    this.#tasks = this.#tasks.filter((task) => task !== first)
    return first
  }
}

/** Lets everything that waits on settled promises run; no timer and no I/O is waited for. */
export const flushMicrotasks = async (rounds = 50): Promise<void> => {
  for (let i = 0; i < rounds; i++) await Promise.resolve()
}
