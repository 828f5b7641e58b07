import type { PortCounters } from './profile.ts'

/** The names of docs/protocols/README.md that a pump's frames can move. `refusedWrites` belongs to the port's write function. */
export type CounterName =
  | 'bytes'
  | 'ok'
  | 'crc'
  | 'form'
  | 'over'
  | 'restart'
  | 'gap'
  | 'junk'
  | 'bad'
  | 'unsup'
  | 'dup'
  | 'stale'
  | 'missed'
  | 'timeouts'
  | 'reconnects'

/** Counts up from zero; `ok` is always present, the others once they have moved. */
export class Counters {
  readonly #values: Record<string, number> = { ok: 0 }

  add(name: CounterName, by = 1): void {
    if (by > 0) this.#values[name] = (this.#values[name] ?? 0) + by
  }

  get values(): PortCounters {
    return { ...this.#values }
  }
}
