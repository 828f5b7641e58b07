import { instant, type Clock, type Scheduler } from '#domain/time.ts'

export const systemClock: Clock = { now: () => instant(Date.now()), monotonic: () => performance.now() }

export const systemScheduler: Scheduler = {
  after: (delayMs, task) => {
    const timer = setTimeout(task, delayMs)
    return () => clearTimeout(timer)
  },
}
