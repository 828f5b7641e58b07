import type { Publisher, Wire } from '#simulators/core/ports.ts'
import type { Publication } from '#simulators/core/statement.ts'

/** A wire that remembers what the pump wrote; `say`: the other end speaks. */
export class MemoryWire implements Wire {
  readonly address = 'memory'
  plugged = true
  droppedBytes = 0
  readonly written: number[] = []
  say: (bytes: Uint8Array) => void = () => {}
  onReceived(listener: (bytes: Uint8Array) => void): void {
    this.say = listener
  }
  write(bytes: Uint8Array): void {
    if (this.plugged) this.written.push(...bytes)
    else this.droppedBytes += bytes.length
  }
  async unplug(): Promise<void> {
    this.plugged = false
  }
  async plug(): Promise<void> {
    this.plugged = true
  }
  async [Symbol.asyncDispose](): Promise<void> {}
}

/** A broker that takes everything. */
export class MemoryPublisher implements Publisher {
  readonly address = 'memory'
  plugged = true
  readonly pending = 0
  readonly dropped = 0
  readonly published: Publication[] = []
  async publish(publication: Publication): Promise<boolean> {
    this.published.push(publication)
    return this.plugged
  }
  /** How often a packet was sent again. */
  retransmissions = 0
  retransmit(): void {
    this.retransmissions += 1
  }
  async unplug(): Promise<void> {
    this.plugged = false
  }
  async plug(): Promise<void> {
    this.plugged = true
  }
  async [Symbol.asyncDispose](): Promise<void> {}
}
