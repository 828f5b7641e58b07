import type { Scheduler } from '#domain/time.ts'
import { CommitGroup } from './commit-group.ts'
import type { CommitGroupOptions } from './commit-group.ts'
import type { HubReceipts, JournalEffects, RefusedPoint, TelemetryPoint, TelemetryStore } from './ports.ts'

/** About 20 ms of the embedded store's work: alarms have their turn in between. */
const mostPoints = 2_000
/** About 10 ms of the journal's. */
const mostNumbers = 10_000

/** A store elsewhere takes its time without taking ours: two writes on their way keep it busy, and the rest come together. */
export const storeElsewhere = { mostWeight: 5_000, mostAtOnce: 2, failsWhole: true } as const

/** Writes of several hubs as one. */
export const groupedWrites = (
  store: Pick<TelemetryStore, 'write'>,
  scheduler: Scheduler,
  limits: Pick<CommitGroupOptions<never, never>, 'mostWeight' | 'mostAtOnce' | 'failsWhole'> = {
    mostWeight: mostPoints,
  },
): Pick<TelemetryStore, 'write'> => {
  const group = new CommitGroup<readonly TelemetryPoint[], { readonly refused: readonly RefusedPoint[] }>({
    scheduler,
    weigh: (points) => points.length,
    ...limits,
    commit: async (all) => {
      const { refused } = await store.write(all.flat())
      let first = 0
      return all.map(({ length }) => {
        const from = first
        first += length
        const own = refused.filter(({ index }) => index >= from && index < from + length)
        return { refused: own.map(({ index, reason }) => ({ index: index - from, reason })) }
      })
    },
  })
  return { write: (points) => group.add(points) }
}

/** Numbers of stored telemetry of several hubs as one; effects with alarms or records are none of its business. */
export const groupedReceipts = (
  addAll: (received: readonly HubReceipts[]) => Promise<void>,
  scheduler: Scheduler,
): { commit(effects: JournalEffects): Promise<void> } => {
  const group = new CommitGroup<HubReceipts, undefined>({
    scheduler,
    weigh: ({ received }) => received.length,
    mostWeight: mostNumbers,
    commit: async (all) => {
      await addAll(all)
      return all.map(() => undefined)
    },
  })
  return {
    commit: async ({ hubId, received, stored = [], appends, records }) => {
      if (hubId === null || appends.length > 0 || records.length > 0)
        throw new TypeError('only numbers of stored telemetry of a hub')
      await group.add({ hubId, received, stored })
    },
  }
}
