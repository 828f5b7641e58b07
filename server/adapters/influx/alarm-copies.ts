import { Point } from '@influxdata/influxdb-client'
import type { AlarmCopySink } from '#server/core/copies/alarm-copies.ts'
import type { AlarmCopy } from '#server/core/copies/alarm-copy.ts'
import type { InfluxOptions } from './connection.ts'
import { numberIn, quoteIdentifier } from './influxql.ts'
import { InfluxSession } from './session.ts'
import { timeOf, writePoints } from './write-points.ts'

export const alarmMeasurement = 'alarm_event'

/** What happened and when never changes, so that a copy written again falls on itself. Accounts are ids; nothing is about a patient. */
const toPoint = ({ position, at, pumpId, hubId, code, priority, phase, episodeId, actor }: AlarmCopy): Point => {
  const point = new Point(alarmMeasurement)
    .tag('code', code)
    .tag('priority', priority)
    .stringField('phase', phase)
    .stringField('episode', episodeId)
    .intField('position', position)
    .timestamp(timeOf(at, position))
  if (pumpId !== null) point.tag('pump', pumpId)
  if (hubId !== null) point.tag('hub', hubId)
  if (actor !== null) point.stringField('actor', actor)
  return point
}

/** Copies of alarm events in the same database as the samples. */
export class InfluxAlarmCopies implements AlarmCopySink, AsyncDisposable {
  readonly #session: InfluxSession

  constructor(options: InfluxOptions) {
    this.#session = new InfluxSession(options)
  }

  async last(): Promise<number> {
    return this.#session.run(async ({ query }) => {
      const [rows] = await query([`SELECT max("position") AS "position" FROM ${quoteIdentifier(alarmMeasurement)}`])
      return numberIn(rows?.[0], 'position') ?? 0
    })
  }

  /** One that the database refuses, because it is too old for it, is left out. */
  async write(copies: readonly AlarmCopy[]): Promise<void> {
    await this.#session.run(({ writer }) =>
      writePoints(
        writer,
        copies.map((copy) => ({ at: copy.at, line: String(toPoint(copy)) })),
      ),
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session[Symbol.asyncDispose]()
  }
}
