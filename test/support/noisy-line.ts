import type { Wire } from '#simulators/core/ports.ts'
import type { Random } from '#simulators/core/random.ts'

/** Flips each bit with a chance of `rate`, 0 to 1. */
export const flipBits = (bytes: Uint8Array, rate: number, random: Random): Uint8Array => {
  const noisy = Uint8Array.from(bytes)
  for (let at = 0; at < noisy.length; at += 1)
    for (let bit = 0; bit < 8; bit += 1) if (random.next() < rate) noisy[at] = (noisy[at] ?? 0) ^ (1 << bit)
  return noisy
}

/** A pump's cable with noise on it, in both directions, until it is switched off. */
export class NoisyWire implements Wire {
  readonly #wire: Wire
  readonly #random: Random
  #rate: number
  #sent = 0

  constructor(wire: Wire, rate: number, random: Random) {
    this.#wire = wire
    this.#rate = rate
    this.#random = random
  }

  get address(): string {
    return this.#wire.address
  }

  get plugged(): boolean {
    return this.#wire.plugged
  }

  get droppedBytes(): number {
    return this.#wire.droppedBytes
  }

  /** Bytes that the pump has put on the line. */
  get sentBytes(): number {
    return this.#sent
  }

  quiet(): void {
    this.#rate = 0
  }

  onReceived(listener: (bytes: Uint8Array) => void): void {
    this.#wire.onReceived((bytes) => listener(flipBits(bytes, this.#rate, this.#random)))
  }

  write(bytes: Uint8Array): void {
    this.#sent += bytes.length
    this.#wire.write(flipBits(bytes, this.#rate, this.#random))
  }

  unplug(): Promise<void> {
    return this.#wire.unplug()
  }

  plug(): Promise<void> {
    return this.#wire.plug()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#wire[Symbol.asyncDispose]()
  }
}
