import type { BootId } from '#domain/ids.ts'

/** The one counter over both files (reliability.md 3 rule 4). It moves only after COMMIT: a boot's numbers have no hole. */
export class Numbers {
  readonly bootId: BootId
  readonly first: number
  #next: number

  constructor(bootId: BootId, first: number) {
    this.bootId = bootId
    this.first = first
    this.#next = first
  }

  get next(): number {
    return this.#next
  }

  /** To be called when as many rows from `next` on are committed. */
  committed(count: number): void {
    this.#next += count
  }
}
