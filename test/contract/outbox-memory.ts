import { GatewayError } from '#gateway/core/errors.ts'
import type { BootId } from '#domain/ids.ts'
import type { Lane } from '#domain/uplink/records.ts'
import type { NewRecord, Outbox, OutboxDepth, OutboxRecord, OutboxSeq, QuarantineNotice } from '#gateway/core/ports.ts'

/** The outbox as a plain list: what the contract says and nothing more. `onAppend` may throw to refuse. */
export class MemoryOutbox implements Outbox {
  readonly bootId: BootId
  readonly quarantineReasons = new Map<OutboxSeq, string>()
  readonly settledSeqs: OutboxSeq[] = []
  hurried = 0
  onAppend: (records: readonly NewRecord[]) => void | Promise<void> = () => {}
  #records: OutboxRecord[] = []
  #nextSeq = 1
  readonly #settled = new Set<OutboxSeq>()
  readonly #quarantined: (notice: QuarantineNotice) => void

  constructor(bootId: BootId, quarantined: (notice: QuarantineNotice) => void = () => {}) {
    this.bootId = bootId
    this.#quarantined = quarantined
  }

  get records(): readonly OutboxRecord[] {
    return this.#records
  }

  async append(records: readonly NewRecord[]): Promise<readonly OutboxSeq[]> {
    if (new Set(records.map(({ lane }) => lane)).size > 1)
      throw new GatewayError('GW_OUTBOX_MIXED_LANES', 'no commit spans both lanes')
    await this.onAppend(records)
    const numbered = records.map((record) => ({ ...record, seq: this.#nextSeq++, bootId: this.bootId }))
    this.#records.push(...numbered)
    return numbered.map(({ seq }) => seq)
  }

  hurry(): void {
    this.hurried += 1
  }

  async peek(
    lane: Lane,
    limit: number,
    order: 'oldest' | 'newest' = 'oldest',
    after: OutboxSeq = 0,
  ): Promise<readonly OutboxRecord[]> {
    const inLane = this.#records.filter((record) => record.lane === lane && (order === 'newest' || record.seq > after))
    return (order === 'oldest' ? inLane : inLane.toReversed()).slice(0, limit)
  }

  async settle(seqs: readonly OutboxSeq[]): Promise<void> {
    this.settledSeqs.push(...seqs)
    for (const { seq } of this.#records) if (seqs.includes(seq)) this.#settled.add(seq)
    this.#records = this.#records.filter(({ seq }) => !seqs.includes(seq))
  }

  async quarantine(seq: OutboxSeq, reason: string): Promise<void> {
    const record = this.#records.find((record) => record.seq === seq)
    if (record === undefined) return
    this.#records = this.#records.filter((other) => other !== record)
    this.quarantineReasons.set(seq, reason)
    this.#quarantined({ seq, lane: record.lane, kind: record.kind, pumpId: record.pumpId, reason })
  }

  async depth(): Promise<OutboxDepth> {
    const lane = (lane: Lane): OutboxDepth['alarm'] => {
      const records = this.#records.filter((record) => record.lane === lane)
      const [first] = records
      const oldest =
        first === undefined ? null : { bootId: first.bootId, monotonicMs: first.monotonicMs, wallAt: first.wallAt }
      return { rows: records.length, oldest }
    }
    return {
      alarm: lane('alarm'),
      telemetry: lane('telemetry'),
      quarantined: this.quarantineReasons.size,
      tombstoned: 0,
      manifest: this.#nextSeq === 1 ? null : { firstSeq: 1, lastSeq: this.#nextSeq - 1 },
      earlierBoots: [],
      ledger: {
        settled: this.#settled.size,
        pending: this.#records.length,
        tombstoned: 0,
        quarantined: this.quarantineReasons.size,
      },
      storage: null,
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}
