import { hashText, mix32 } from '../random.ts'
import type { FaultSwitch } from './catalog.ts'

/** A message on its way. */
export interface Sending<T> {
  readonly output: T
  /** It has been published before. */
  readonly again: boolean
  /** As the same packet: its id, and the DUP flag. */
  readonly isSamePacket: boolean
}

const first = <T>(output: T): Sending<T> => ({ output, again: false, isSamePacket: false })

/** What a pump's own connection makes of its messages. The same seed does the same to the same messages. */
export class FaultyBroker<T> {
  readonly #seed: number
  #count = 0
  #doubled = 0
  #overtaken = 0
  #retransmitted = 0
  #held: T | null = null

  constructor(seed: number) {
    this.#seed = seed
  }

  /** What the end of a fault sets free. */
  set({ fault, on, amount }: FaultSwitch): readonly Sending<T>[] {
    if (fault === 'duplicate-publish') this.#doubled = on ? amount : 0
    if (fault === 'retransmit') this.#retransmitted = on ? amount : 0
    if (fault !== 'reorder') return []
    this.#overtaken = on ? amount : 0
    return this.#release()
  }

  pass(output: T): readonly Sending<T>[] {
    this.#count += 1
    const before = this.#release()
    if (before.length === 0 && this.#chance('reorder') < this.#overtaken) {
      this.#held = output
      return []
    }
    const doubled = this.#chance('duplicate-publish') < this.#doubled
    const retransmitted = this.#chance('retransmit') < this.#retransmitted
    return [
      first(output),
      ...(retransmitted ? [{ output, again: true, isSamePacket: true }] : []),
      ...(doubled ? [{ output, again: true, isSamePacket: false }] : []),
      ...before,
    ]
  }

  #release(): readonly Sending<T>[] {
    const held = this.#held
    this.#held = null
    return held === null ? [] : [first(held)]
  }

  #chance(fault: string): number {
    return mix32(mix32(this.#seed, hashText(fault)), this.#count) / 0x1_0000_0000
  }
}
