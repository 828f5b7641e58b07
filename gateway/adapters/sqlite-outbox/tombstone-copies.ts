import { Tombstone } from '#domain/uplink/records.ts'
import { GatewayError } from '../../core/errors.ts'
import { failpoint } from './failpoint.ts'
import type { Stamp } from '../../core/ports.ts'
import type { LaneFile } from './lane-file.ts'
import type { Numbers } from './numbers.ts'

const copiesPerCommit = 20

/**
 * Brings tombstones from the telemetry file, where they were committed with the deletion they name, onto the alarm lane. The copy is
 * made once: its id is committed with it, so a crash between the two files neither loses nor doubles it (reliability.md 3 rule 12).
 */
export class TombstoneCopies {
  readonly #telemetry: LaneFile
  readonly #alarm: LaneFile
  readonly #numbers: Numbers

  constructor(telemetry: LaneFile, alarm: LaneFile, numbers: Numbers) {
    this.#telemetry = telemetry
    this.#alarm = alarm
    this.#numbers = numbers
  }

  /** Returns how many are on the alarm lane now that were not. Without room there they wait where they are. */
  copy(stamp: Stamp): number {
    let copied = 0
    try {
      while (this.#waiting().length > 0) copied += this.#copySome(stamp)
      if (this.#alarm.count('countCopied') > 0)
        this.#alarm.transaction(() => this.#alarm.statement('forgetCopied').run(), false)
    } catch (error) {
      if (!(error instanceof GatewayError && error.code === 'GW_OUTBOX_FULL')) throw error
    }
    return copied
  }

  #waiting(): readonly { readonly id: string; readonly body: string }[] {
    return this.#telemetry
      .read(() => this.#telemetry.statement('tombstones').all(copiesPerCommit))
      .map(({ id, body }) => ({ id: String(id), body: String(body) }))
  }

  #copySome(stamp: Stamp): number {
    const waiting = this.#waiting()
    const missing = waiting.filter(({ id }) => this.#alarm.count('isCopied', id) === 0)
    const { bootId, next } = this.#numbers
    const records = missing.map(
      ({ body }) =>
        ({
          ...stamp,
          lane: 'alarm',
          kind: 'tombstone',
          pumpId: null,
          body: Tombstone.parse(JSON.parse(body)),
        }) as const,
    )
    if (records.length > 0) {
      this.#alarm.append(records, next, bootId, () => {
        for (const { id } of missing) this.#alarm.statement('addCopied').run(id)
      })
      this.#numbers.committed(records.length)
    }
    failpoint('tombstone-copied')
    this.#telemetry.transaction(() => {
      for (const { id } of waiting) this.#telemetry.statement('removeTombstone').run(id)
    })
    return records.length
  }
}
