import type { NewRecord, OutboxSeq } from '../../core/ports.ts'

/** Telemetry waits for company this long at most, ms (reliability.md 3 rule 7). */
export const groupWaitMs = 1_000
export const groupRows = 200

interface Waiting {
  readonly records: readonly NewRecord[]
  readonly resolve: (seqs: readonly OutboxSeq[]) => void
  readonly reject: (error: unknown) => void
}

/** Gathers appends of one lane and commits them together; each append is still all or none, because the group is. */
export class GroupCommit {
  #waiting: Waiting[] = []
  #rows = 0
  readonly #commit: (records: readonly NewRecord[]) => readonly OutboxSeq[]

  constructor(commit: (records: readonly NewRecord[]) => readonly OutboxSeq[]) {
    this.#commit = commit
  }

  get rows(): number {
    return this.#rows
  }

  add(records: readonly NewRecord[]): Promise<readonly OutboxSeq[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ records, resolve, reject })
      this.#rows += records.length
    })
  }

  flush(): void {
    const group = this.#waiting
    if (group.length === 0) return
    this.#waiting = []
    this.#rows = 0
    try {
      const seqs = this.#commit(group.flatMap((waiting) => waiting.records))
      let from = 0
      for (const { records, resolve } of group) resolve(seqs.slice(from, (from += records.length)))
    } catch (error) {
      for (const { reject } of group) reject(error)
    }
  }
}
