import type { Priority } from '../alarm/codes.ts'
import type { AlarmLoad, LoadBucket } from '../live/analytics.ts'

// How much a nurse gets, over time (clinical.md 9): means hide what floods are.

const windowMs = 600_000
/** So many new alarms within ten minutes for one nurse are more than anybody handles (EEMUA 191, ISA-18.2). */
export const floodAlarms = 10
const hourMs = 3_600_000
const widths = [windowMs, hourMs, 6 * hourMs, 24 * hourMs] as const
const mostBuckets = 200

export interface ToldAlarm {
  readonly toldAt: number
  readonly priority: Priority
  /** Each team has one nurse who is asked first. */
  readonly team: string
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000

/** Of alarms that the server was told of in [from, to), ms. A nurse is the first one of a team that had an alarm. */
export const loadOf = (alarms: readonly ToldAlarm[], from: number, to: number): AlarmLoad => {
  const bucketMs = widths.find((width) => (to - from) / width <= mostBuckets) ?? widths[3]
  const start = Math.floor(from / bucketMs) * bucketMs
  const count = Math.max(1, Math.ceil((to - start) / bucketMs))
  const buckets: LoadBucket[] = Array.from({ length: count }, (_, index) => ({
    from: start + index * bucketMs,
    high: 0,
    medium: 0,
    low: 0,
    most: 0,
  }))
  const perWindow = new Map<string, number>()
  for (const { toldAt, priority, team } of alarms) {
    const bucket = buckets[Math.floor((toldAt - start) / bucketMs)]
    if (bucket === undefined) continue
    if (priority !== 'info') bucket[priority] += 1
    const key = `${team} ${Math.floor(toldAt / windowMs)}`
    const now = (perWindow.get(key) ?? 0) + 1
    perWindow.set(key, now)
    bucket.most = Math.max(bucket.most, now)
  }
  const nurses = Math.max(1, new Set(alarms.map(({ team }) => team)).size)
  const windows = Math.max(1, Math.ceil((to - from) / windowMs)) * nurses
  const floods = [...perWindow.values()].filter((told) => told >= floodAlarms).length
  return {
    bucketMs,
    nurses,
    perNurseHour: to <= from ? null : rounded(alarms.length / nurses / ((to - from) / hourMs)),
    floodShare: rounded(floods / windows),
    mostInTenMinutes: Math.max(0, ...perWindow.values()),
    buckets,
  }
}
