import { maxRecordsPerBatch } from '#domain/uplink/envelope.ts'
import { fitBatch } from './batches.ts'
import type { Outbox, OutboxRecord, OutboxSeq } from './ports.ts'

/** Records of a batch more or less than of the one before. */
const batchesDiffer = 10

/** Waiting telemetry, oldest first, in batches. The next one is read while the server works on the one before. */
export class Backlog {
  readonly #outbox: Pick<Outbox, 'peek'>
  /** So many are asked for: about as many as fit. */
  #asked = maxRecordsPerBatch
  #ahead: Promise<readonly OutboxRecord[]> | null = null

  constructor(outbox: Pick<Outbox, 'peek'>) {
    this.#outbox = outbox
  }

  /** The next batch of at most `maxBytes`; empty: nothing waits. */
  async next(maxBytes: number): Promise<readonly OutboxRecord[]> {
    const ahead = this.#ahead === null ? [] : await this.#ahead
    const batch = ahead.length > 0 ? ahead : this.#fitted(await this.#read(), maxBytes)
    this.#ahead = null
    const last = batch.at(-1)
    if (last !== undefined) this.#keep(this.#lookAhead(last.seq, maxBytes))
    return batch
  }

  /** Records from this number on go another way. */
  leave(from: OutboxSeq): void {
    if (this.#ahead !== null) this.#keep(this.#ahead.then((records) => records.filter(({ seq }) => seq < from)))
  }

  /** The last batch was not settled, or long ago: the oldest are read again. */
  begin(): void {
    this.#ahead = null
  }

  #keep(ahead: Promise<readonly OutboxRecord[]>): void {
    this.#ahead = ahead
    ahead.catch(() => {
      // Told to whoever asks for the batch.
    })
  }

  /** Empty at the end of the backlog: until it is asked for, more may have come. */
  async #lookAhead(after: OutboxSeq, maxBytes: number): Promise<readonly OutboxRecord[]> {
    const asked = this.#asked
    const records = await this.#read(after)
    return records.length < asked ? [] : this.#fitted(records, maxBytes)
  }

  #read(after?: OutboxSeq): Promise<readonly OutboxRecord[]> {
    return this.#outbox.peek('telemetry', this.#asked, 'oldest', after)
  }

  /** Whatever is read and does not fit is read in vain. */
  #fitted(records: readonly OutboxRecord[], maxBytes: number): readonly OutboxRecord[] {
    const batch = fitBatch(records, maxBytes)
    const all = batch.length === records.length
    this.#asked = Math.min(maxRecordsPerBatch, all ? 2 * this.#asked : batch.length + batchesDiffer)
    return batch
  }
}
