import { maxBatchBytes, maxRecordsPerBatch } from '#domain/uplink/envelope.ts'
import type { Verdict } from '#domain/uplink/verdicts.ts'

/** A record that waits for its verdict, as it will be on the wire. `source`: whatever its owner wants to know it by. */
export interface Entry<Source> {
  readonly seq: number
  readonly text: string
  readonly source: Source
}

export interface Settled<Source> {
  readonly entry: Entry<Source>
  readonly verdict: Verdict
}

/** For the envelope around the records. */
const headBytes = 1024

/** One lane's records, oldest first. Nothing leaves it without the server's verdict on that very record, or because it is full. */
export class LaneQueue<Source> {
  #entries: Entry<Source>[] = []
  readonly #most: number
  #dropped = 0

  constructor(most: number) {
    this.#most = most
  }

  get length(): number {
    return this.#entries.length
  }

  /** Oldest records that had to make room. */
  get dropped(): number {
    return this.#dropped
  }

  push(entry: Entry<Source>): void {
    this.#entries.push(entry)
    if (this.#entries.length <= this.#most) return
    this.#entries.shift()
    this.#dropped += 1
  }

  /** The oldest that fit into one request. */
  batch(): readonly Entry<Source>[] {
    let bytes = headBytes
    let count = 0
    for (const { text } of this.#entries) {
      bytes += bytesOf(text)
      if (count >= maxRecordsPerBatch || bytes + count > maxBatchBytes) break
      count += 1
    }
    return this.#entries.slice(0, count)
  }

  /** Obeys verdicts on `batch`: `stored` and `refused` records leave, `retry` ones stay. A verdict that names another record counts for none. */
  settle(batch: readonly Entry<Source>[], verdicts: readonly Verdict[]): readonly Settled<Source>[] {
    const settled = batch.flatMap((entry, place): readonly Settled<Source>[] => {
      const verdict = verdicts[place]
      const isOwn = verdict?.seq === entry.seq || (verdict?.seq === 0 && verdict.verdict === 'refused')
      return verdict !== undefined && isOwn && verdict.verdict !== 'retry' ? [{ entry, verdict }] : []
    })
    const gone = new Set(settled.map(({ entry }) => entry))
    this.#entries = this.#entries.filter((entry) => !gone.has(entry))
    return settled
  }
}

const bytesOf = (text: string): number => {
  let bytes = text.length
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at)
    if (unit > 0x7f) bytes += unit > 0x7ff ? 2 : 1
  }
  return bytes
}
