import { alarmBehaviour, type ModelAlarm } from '../pump-alarms.ts'
import type { AlarmSaid } from './said.ts'

export interface RunningAlarm {
  /** Counts the alarms of its pump. */
  readonly episode: number
  readonly atMs: number
}

/** The alarms of one pump, numbered. */
export class AlarmLedger {
  #running: ReadonlyMap<ModelAlarm, RunningAlarm> = new Map()
  #episodes = 0

  get running(): ReadonlyMap<ModelAlarm, RunningAlarm> {
    return this.#running
  }

  /** What ended and what began, ended first. `active`: the pump's list at `nowMs`. */
  take(active: readonly ModelAlarm[], nowMs: number): readonly AlarmSaid[] {
    const ended = [...this.#running].filter(([code]) => !active.includes(code))
    const begun = active
      .filter((code) => !this.#running.has(code))
      .map((code) => [code, { episode: (this.#episodes += 1), atMs: nowMs }] as const)
    if (ended.length + begun.length === 0) return []
    this.#running = new Map([...[...this.#running].filter(([code]) => active.includes(code)), ...begun])
    return [
      ...ended.map(([code, { episode, atMs }]) => alarmSaid(code, episode, nowMs - atMs)),
      ...begun.map(([code, { episode }]) => alarmSaid(code, episode, null)),
    ]
  }
}

const alarmSaid = (code: ModelAlarm, episode: number, lastedMs: number | null): AlarmSaid => ({
  kind: 'alarm',
  code,
  raised: lastedMs === null,
  priority: alarmBehaviour[code].priority,
  episode,
  lastedMs,
})
