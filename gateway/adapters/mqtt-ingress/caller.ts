import type { Socket } from 'node:net'
import type { PumpId } from '#domain/ids.ts'
import type { Cancel } from '#domain/time.ts'
import type { MqttRefusal } from '../../core/mqtt-refusal.ts'

export interface CallerDeps {
  readonly address: string
  /** The TCP connection itself, below any TLS. */
  readonly socket: Socket
  /** Told once, at the first rule it broke. */
  readonly refused: (refusal: MqttRefusal, detail: string) => void
  /** Told once, when it has shown who it is or when it has gone. */
  readonly decided: (passed: boolean) => void
}

/** One connection to the broker, from the first byte of TCP on. */
export class Caller {
  readonly #deps: CallerDeps
  readonly #cancel: Cancel
  #pumpId: PumpId | null = null
  #decided = false
  #refused = false

  /** `within`: runs its task when the time to say who it is is over. */
  constructor(deps: CallerDeps, within: (task: () => void) => Cancel) {
    this.#deps = deps
    this.#cancel = within(() => this.refuse('slowConnect', deps.address))
    deps.socket.once('close', () => this.#decide(false))
  }

  /** Null until it has shown who it is. */
  get pumpId(): PumpId | null {
    return this.#pumpId
  }

  get isRefused(): boolean {
    return this.#refused
  }

  passed(pumpId: PumpId): void {
    this.#pumpId = pumpId
    this.#decide(true)
  }

  /** Counts one rule broken and ends the connection. */
  refuse(refusal: MqttRefusal, detail: string): void {
    this.blame(refusal, detail)
    this.#deps.socket.destroy()
  }

  /** Counts one rule broken; whoever calls ends the connection, or does not. */
  blame(refusal: MqttRefusal, detail: string): void {
    if (this.#refused) return
    this.#refused = true
    this.#deps.refused(refusal, detail)
  }

  /** Counts something left out while the connection goes on. */
  mention(refusal: MqttRefusal, detail: string): void {
    this.#deps.refused(refusal, detail)
  }

  #decide(passed: boolean): void {
    if (this.#decided) return
    this.#decided = true
    this.#cancel()
    this.#deps.decided(passed)
  }
}
