import { hex } from '../crc.ts'

/** So many entries has the log; then the oldest is written over (zyno-miva.md 3). */
export const ringEntries = 43_264

/** A log that was already written to when the pump is switched on for the first time: it wraps soon. */
const firstIndex = ringEntries - 64

export class EventRing {
  readonly #entries: string[] = Array.from({ length: ringEntries }, () => erased)
  #written = 0

  /** Index of the oldest and of the newest entry. */
  get tail(): number {
    return this.#written < ringEntries ? firstIndex : (this.head + 1) % ringEntries
  }
  get head(): number {
    return (firstIndex + Math.max(0, this.#written - 1)) % ringEntries
  }

  /** Returns the index it was written to. */
  write(entry: string): number {
    const index = (firstIndex + this.#written) % ringEntries
    this.#entries[index] = entry
    this.#written += 1
    return index
  }

  /** 32 hex digits; erased where nothing has been written. */
  read(index: number): string {
    return this.#entries[index] ?? erased
  }

  /** Data of `RI`. */
  get text(): string {
    return hex(this.tail, 8) + hex(this.head, 8)
  }
}

/** Where nothing has been written, or was left out. */
export const erased = 'F'.repeat(32)
