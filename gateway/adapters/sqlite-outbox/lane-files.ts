import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { LaneFile } from './lane-file.ts'
import type { BootId } from '#domain/ids.ts'
import type { Lane } from '#domain/uplink/records.ts'
import type { NewRecord, OutboxDepth, OutboxSeq } from '../../core/ports.ts'

export interface LaneFilesOptions {
  readonly folder: string
  readonly bootId: BootId
  readonly die: (error: unknown) => never
}

// The oldest row is asked first: that flushes what is settled, and the count is right.
const depthOf = (file: LaneFile): OutboxDepth['alarm'] => ({ oldestWallAt: file.oldestWallAt(), rows: file.rows })

/** Both files under one number space: `(hubId, bootId, seq)` names one record, whatever its lane (reliability.md 3 rule 4). */
export class LaneFiles implements Disposable {
  readonly alarm: LaneFile
  readonly telemetry: LaneFile
  readonly #bootId: BootId
  readonly #firstSeq: number
  #nextSeq: number

  constructor({ folder, bootId, die }: LaneFilesOptions) {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const file = (lane: Lane): LaneFile =>
      new LaneFile(lane, join(folder, `${lane}.db`), join(folder, `${lane}.damaged-${bootId}.db`), die)
    this.alarm = file('alarm')
    this.telemetry = file('telemetry')
    this.#bootId = bootId
    this.#firstSeq = Math.max(this.alarm.highWater, this.telemetry.highWater) + 1
    this.#nextSeq = this.#firstSeq
  }

  file(lane: Lane): LaneFile {
    switch (lane) {
      case 'alarm':
        return this.alarm
      case 'telemetry':
        return this.telemetry
    }
  }

  /** The counter moves only after COMMIT: a boot's numbers have no hole. */
  append(lane: Lane, records: readonly NewRecord[]): readonly OutboxSeq[] {
    const first = this.#nextSeq
    this.file(lane).append(records, first, this.#bootId)
    this.#nextSeq = first + records.length
    return records.map((_, index) => first + index)
  }

  settle(seqs: readonly OutboxSeq[]): void {
    this.alarm.settle(seqs)
    this.telemetry.settle(seqs)
  }

  depth(): OutboxDepth {
    return {
      alarm: depthOf(this.alarm),
      telemetry: depthOf(this.telemetry),
      quarantined: this.alarm.quarantined + this.telemetry.quarantined,
      tombstoned: 0,
      manifest: this.#nextSeq === this.#firstSeq ? null : { firstSeq: this.#firstSeq, lastSeq: this.#nextSeq - 1 },
    }
  }

  [Symbol.dispose](): void {
    this.alarm[Symbol.dispose]()
    this.telemetry[Symbol.dispose]()
  }
}
