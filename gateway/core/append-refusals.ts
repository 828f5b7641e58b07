import type { Lane } from '#domain/uplink/records.ts'
import type { NewRecord, Outbox, OutboxSeq } from './ports.ts'

/** Passes records on to the outbox, and knows whether it refused the newest of a lane: then somebody has to be told without it. */
export class AppendRefusals implements Pick<Outbox, 'append' | 'hurry'> {
  readonly #outbox: Pick<Outbox, 'append' | 'hurry'>
  readonly #refuses: Record<Lane, boolean> = { alarm: false, telemetry: false }
  #count = 0

  constructor(outbox: Pick<Outbox, 'append' | 'hurry'>) {
    this.#outbox = outbox
  }

  get alarm(): boolean {
    return this.#refuses.alarm
  }

  get telemetry(): boolean {
    return this.#refuses.telemetry
  }

  /** Calls refused since the gateway runs. */
  get count(): number {
    return this.#count
  }

  async append(records: readonly NewRecord[]): Promise<readonly OutboxSeq[]> {
    const [first] = records
    try {
      const seqs = await this.#outbox.append(records)
      if (first !== undefined) this.#refuses[first.lane] = false
      return seqs
    } catch (error) {
      this.#count += 1
      if (first !== undefined) this.#refuses[first.lane] = true
      throw error
    }
  }

  hurry(): void {
    this.#outbox.hurry()
  }
}
