/**
 * Rows that have their verdict and leave the file with the next commit: a lost deletion costs one repeated delivery, an fsync costs wear.
 * Remembers from where on there is anything to read: a drain settles from the oldest on, and nobody looks at those rows again.
 */
export class SettledRows {
  readonly #seqs = new Set<number>()
  /** No row up to this number waits. */
  #upTo = 0
  /** All rows behind that, as far as somebody has looked. */
  #looked: readonly number[] = []

  get size(): number {
    return this.#seqs.size
  }

  has(seq: number): boolean {
    return this.#seqs.has(seq)
  }

  values(): Iterable<number> {
    return this.#seqs
  }

  add(seq: number): void {
    this.#seqs.add(seq)
  }

  /** They have left the file. */
  clear(): void {
    this.#seqs.clear()
  }

  /** Behind which row to read for those behind `after`, and how many of them are settled. */
  behind(after: number): { readonly from: number; readonly settled: number } {
    const from = Math.max(this.#upTo, after)
    let settled = 0
    for (const seq of this.#seqs) if (seq > from) settled += 1
    return { from, settled }
  }

  /** `seqs` are the rows behind `from`, without a gap. */
  saw(from: number, seqs: readonly number[]): void {
    const before = this.#looked.slice(0, this.#looked.indexOf(from) + 1)
    if (from === this.#upTo || before.length > 0) this.#looked = [...before, ...seqs]
  }

  /** `waits`: whether there is such a row that is not settled. */
  pass(waits: (seq: number) => boolean): void {
    const first = this.#looked.findIndex((seq) => !this.#seqs.has(seq) && waits(seq))
    const passed = first === -1 ? this.#looked.length : first
    this.#upTo = this.#looked[passed - 1] ?? this.#upTo
    this.#looked = this.#looked.slice(passed)
  }
}
