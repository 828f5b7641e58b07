import { performance } from 'node:perf_hooks'
import { instant } from '#domain/time.ts'
import type { Clock, Scheduler } from '#domain/time.ts'

/** Monotonic time counts from the start of this process, which is what a boot is. */
export const systemClock: Clock = {
  now: () => instant(Date.now()),
  monotonic: () => performance.now(),
}

const longestTimerMs = 2 ** 31 - 1

export const systemScheduler: Scheduler = {
  after: (delayMs, task) => {
    const timer = setTimeout(task, Math.min(Math.max(0, delayMs), longestTimerMs))
    return () => clearTimeout(timer)
  },
}
