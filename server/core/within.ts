import type { Scheduler } from '#domain/time.ts'

/** What `work` comes to, or `late` after `limitMs`: then nobody waits for it any more. Rejects as `work` does. */
export const within = <T>(scheduler: Scheduler, limitMs: number, work: () => Promise<T>, late: () => T): Promise<T> =>
  new Promise((resolve, reject) => {
    const cancel = scheduler.after(limitMs, () => resolve(late()))
    work().finally(cancel).then(resolve, reject)
  })
