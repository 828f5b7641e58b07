import type { AlarmCode } from '#domain/alarm/codes.ts'
import type { Deadline, Expectation } from './scenario-spec.ts'

/** What was done to a pump, and the life of its alarms, on one clock. ms. */
export interface Course {
  readonly startedAt: number
  /** By name, and the faults: `half-open`, `half-open over`. */
  readonly acts: readonly { readonly act: string; readonly at: number }[]
  readonly alarms: readonly {
    readonly code: AlarmCode
    readonly startedAt: number
    /** null: it is still active. */
    readonly endedAt: number | null
  }[]
}

/** Why an expectation is not met, in words; null when it is. `slackMs`: what the wire and the server may add. */
export const unmet = (expectation: Expectation, course: Course, slackMs = 0): string | null => {
  const { alarm, never, active, ended } = expectation
  const own = course.alarms.filter(({ code }) => code === alarm)
  if (never) return own.length === 0 ? null : `${alarm} was raised ${own.length} times, expected never`
  if (active !== null) {
    const from = startOf(active, course)
    if (from === null) return `${alarm}: nobody did "${active.after}"`
    const until = from + active.withinMs + slackMs
    const isSeen = own.some(
      ({ startedAt, endedAt }) => startedAt <= until && startedAt >= from - slackMs && (endedAt ?? Infinity) >= from,
    )
    if (!isSeen) return `${alarm} was not active ${words(active)}${seen(own, from)}`
  }
  if (ended !== null) {
    const from = startOf(ended, course)
    if (from === null) return `${alarm}: nobody did "${ended.after}"`
    const until = from + ended.withinMs + slackMs
    const before = own.filter(({ startedAt }) => startedAt <= until)
    if (before.length === 0) return `${alarm} never was there to end`
    if (before.some(({ endedAt }) => endedAt === null || endedAt > until))
      return `${alarm} had not ended ${words(ended)}${seen(own, from)}`
  }
  return null
}

/** When a deadline begins to count, ms; null: nobody did what it waits for. */
export const startOf = ({ after }: Deadline, { startedAt, acts }: Course): number | null =>
  after === null ? startedAt : (acts.find(({ act }) => act === after)?.at ?? null)

const words = ({ withinMs, after }: Deadline): string =>
  `within ${withinMs / 1000} s of ${after === null ? 'the start' : `"${after}"`}`

const seen = (own: Course['alarms'], from: number): string => {
  if (own.length === 0) return '; it never was'
  const second = (at: number | null): string => (at === null ? '…' : `${((at - from) / 1000).toFixed(1)} s`)
  return `; it was from ${own.map(({ startedAt, endedAt }) => `${second(startedAt)} to ${second(endedAt)}`).join(', ')}`
}
