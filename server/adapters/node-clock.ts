import { instant } from '#domain/time.ts'
import type { Clock, Scheduler } from '#domain/time.ts'

export const nodeClock: Clock = {
  now: () => instant(Date.now()),
  monotonic: () => performance.now(),
}

export const nodeScheduler: Scheduler = {
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs)
    return () => clearTimeout(timer)
  },
}
