import { byteFaults, byteStage, type ByteFault, type ByteStage } from './byte-stages.ts'

/**
 * What one direction of a wire makes of its bytes. Faults compose; the same seed damages the same bytes, however they are cut.
 */
export class DamagedBytes {
  readonly #seed: number
  #position = 0
  #stages: readonly (readonly [fault: ByteFault, stage: ByteStage])[] = []

  constructor(seed: number) {
    this.#seed = seed
  }

  /** From the next byte on. `amount` null: the fault is over. */
  set(fault: ByteFault, amount: number | null): void {
    const others = this.#stages.filter(([other]) => other !== fault)
    this.#stages = (
      amount === null ? others : [...others, [fault, byteStage(fault, amount, this.#seed)] as const]
    ).toSorted(([a], [b]) => byteFaults.indexOf(a) - byteFaults.indexOf(b))
  }

  pass(bytes: Uint8Array): Uint8Array {
    const from = this.#position
    this.#position += bytes.length
    if (this.#stages.length === 0) return bytes
    const passed: number[] = []
    for (const [index, byte] of bytes.entries()) {
      let become: readonly number[] = [byte]
      for (const [, stage] of this.#stages) become = become.flatMap((value, nth) => stage(value, from + index, nth))
      passed.push(...become)
    }
    return Uint8Array.from(passed)
  }
}
