import { BootId } from '#domain/ids.ts'
import { openSqliteOutbox } from '#gateway/adapters/sqlite-outbox/sqlite-outbox.ts'
import type { NewRecord } from '#gateway/core/ports.ts'
import { loadPumpId, readingOf, sampleWith } from './load-points.ts'

export interface Backlog {
  readonly pumps: number
  /** Of each pump, one a second. */
  readonly samplesPerPump: number
}

const recordsPerCommit = 2_000
const secondMs = 1_000

/** What a hub's outbox holds after an outage, written by the outbox itself: samples of an earlier boot, oldest first. Returns their number. */
export const fillOutbox = async (
  folder: string,
  bootId: string,
  startedAt: number,
  { pumps, samplesPerPump }: Backlog,
): Promise<number> => {
  const outbox = await openSqliteOutbox({
    folder,
    bootId: BootId.parse(bootId),
    quarantined: ({ reason }) => {
      throw new Error(reason)
    },
    salvaged: () => undefined,
    died: (error) => {
      throw error
    },
  })
  const record = (nth: number): NewRecord => {
    const pumpId = loadPumpId(0, nth % pumps)
    const sampleNo = Math.floor(nth / pumps)
    const monotonicMs = (sampleNo + 1) * secondMs
    const stamp = { monotonicMs, wallAt: startedAt + monotonicMs, clockQuality: 'ntp' } as const
    return { ...stamp, lane: 'telemetry', kind: 'telemetry', pumpId, body: sampleWith(pumpId, readingOf(sampleNo)) }
  }
  const all = pumps * samplesPerPump
  for (let first = 0; first < all; first += recordsPerCommit) {
    const records = Array.from({ length: Math.min(recordsPerCommit, all - first) }, (_, nth) => record(first + nth))
    const appended = outbox.append(records)
    outbox.hurry()
    await appended
  }
  await outbox[Symbol.asyncDispose]()
  return all
}
