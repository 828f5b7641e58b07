import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { BootId, EpisodeId } from '#domain/ids.ts'
import { GroupCommit } from '#gateway/adapters/sqlite-outbox/group-commit.ts'
import { LaneFiles } from '#gateway/adapters/sqlite-outbox/lane-files.ts'
import { alarmDefaults } from '#gateway/core/alarm-defaults.ts'
import { GatewayError } from '#gateway/core/errors.ts'
import { LaneForwarder } from '#gateway/core/lane-forwarder.ts'
import { PumpStream } from '#gateway/core/pump-stream.ts'
import type { Lane } from '#domain/uplink/records.ts'
import type { Verdict } from '#domain/uplink/verdicts.ts'
import type { RecorderContext } from '#gateway/core/pump-record.ts'
import type { OutboxLimits } from '#gateway/adapters/sqlite-outbox/limits.ts'
import type { NewRecord, Outbox, OutboxDepth, OutboxRecord, OutboxSeq, Stamp } from '#gateway/core/ports.ts'
import type { Clock, Scheduler } from '#domain/time.ts'

export interface VirtualHubOptions {
  readonly folder: string
  /** Of this start of the hub. Absent: it has only one. */
  readonly bootId?: BootId
  readonly clock: Clock & Scheduler
  readonly limits: OutboxLimits
  /** Rejects while nobody is there. */
  readonly deliver: (lane: Lane, batch: readonly OutboxRecord[]) => Promise<readonly Verdict[]>
  /** Called once they are durable. */
  readonly appended?: (records: readonly NewRecord[], seqs: readonly OutboxSeq[]) => void
}

/**
 * The hub's recorder, outbox files and forwarders on a clock that a test moves: days pass in seconds, and everything is as durable as
 * on a real hub. In place of the worker's timers the test says when a second is over.
 */
export class VirtualHub implements Disposable {
  readonly bootId: BootId
  readonly outbox: Pick<Outbox, 'append' | 'hurry' | 'peek' | 'settle' | 'quarantine'>
  readonly #options: VirtualHubOptions
  readonly #files: LaneFiles
  readonly #group: GroupCommit
  readonly #lanes: Readonly<Record<Lane, LaneForwarder>>
  #episodes = 0

  constructor(options: VirtualHubOptions) {
    this.#options = options
    const { folder, clock, limits } = options
    this.bootId = options.bootId ?? BootId.parse('boot-virtual')
    this.#files = new LaneFiles({
      folder,
      bootId: this.bootId,
      limits,
      stamp: this.#stamp,
      die: (error) => {
        throw error
      },
    })
    const files = this.#files
    this.#group = new GroupCommit((records) => files.append('telemetry', records))
    this.outbox = {
      append: async (records) => {
        const isTelemetry = records[0]?.lane === 'telemetry'
        const seqs = isTelemetry ? await this.#group.add(records) : files.append('alarm', records)
        options.appended?.(records, seqs)
        return seqs
      },
      hurry: () => this.#group.flush(),
      peek: async (lane, limit, order = 'oldest', after = 0) => [...files.file(lane).peek(limit, order, after).records],
      settle: async (seqs) => files.settle(seqs),
      quarantine: async (seq) => {
        throw new GatewayError('GW_UPLINK_BATCH_REFUSED', `record ${seq} was refused`)
      },
    }
    const lane = (name: Lane): LaneForwarder =>
      new LaneForwarder({
        lane: name,
        outbox: this.outbox,
        uplink: { deliver: (of, batch) => options.deliver(of, batch) },
        clock,
        scheduler: clock,
        random: () => 0.5,
        troubleChanged: () => {},
      })
    this.#lanes = { alarm: lane('alarm'), telemetry: lane('telemetry') }
  }

  readonly #stamp = (): Stamp => ({
    monotonicMs: this.#options.clock.monotonic(),
    wallAt: this.#options.clock.now(),
    clockQuality: 'none',
  })

  /** A pump on one of its ports. */
  stream(port: string, marks: RecorderContext['marks'] = []): PumpStream {
    return new PumpStream({
      outbox: this.outbox,
      stamp: this.#stamp,
      appended: (lane) => this.#lanes[lane].wake(),
      pumpChanged: () => {},
      context: {
        port,
        experimental: false,
        marks,
        defaults: alarmDefaults,
        newEpisodeId: () => EpisodeId.parse(`${this.bootId}-${(this.#episodes += 1)}`),
      },
    })
  }

  /** The telemetry of the second is committed. */
  commitTelemetry(): void {
    this.#group.flush()
  }

  /** What the worker does from time to time: makes room, keeps the reserve. */
  keepHouse(): void {
    this.#files.tick()
    while (this.#files.thin());
  }

  depth(): OutboxDepth {
    return this.#files.depth()
  }

  /** Of everything in the outbox's folder, WAL included. */
  diskBytes(): number {
    const { folder } = this.#options
    return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)
  }

  /** Delivers until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all(Object.values(this.#lanes).map((lane) => lane.run(signal)))
  }

  [Symbol.dispose](): void {
    this.#files[Symbol.dispose]()
  }
}
