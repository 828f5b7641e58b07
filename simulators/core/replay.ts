import { instant, type Clock, type Scheduler } from '#domain/time.ts'
import type { Happened, Publisher, TruthLog, Wire } from './ports.ts'
import type { Link } from './pump-report.ts'
import { PumpRunner } from './pump-runner.ts'
import { usualQuantumMs, type SimulatedPump } from './simulated-pump.ts'
import type { Publication } from './statement.ts'

/** Whoever reads the pump: what it says at the beginning, to what it hears, and as time goes by. Pump's time, ms. */
export interface Host {
  opened(nowMs: number): readonly Uint8Array[]
  received(bytes: Uint8Array, nowMs: number): readonly Uint8Array[]
  tick(nowMs: number): readonly Uint8Array[]
  /** Its port vanished. */
  closed(nowMs: number): void
}

export interface ReplayOptions {
  readonly pump: SimulatedPump
  /** null: the pump publishes to a broker, which takes everything. */
  readonly host: Host | null
  readonly story: string
  /** Everything that came out of the pump's end, as it came, and all that was said to it. */
  readonly heard: (way: 'from-pump' | 'to-pump', bytes: Uint8Array) => void
  readonly published: (publication: Publication) => void
  /** The truth log, without the clocks of the run. */
  readonly told: (entry: Happened) => void
}

/**
 * One pump with its story, its faults and its host in the pump's own time: no other clock comes into it, so that the same options give
 * the same bytes, however fast, and in whatever pieces it is moved. In a run the host lives in real time and asks when it asks.
 */
export class Replay {
  readonly #options: ReplayOptions
  readonly #runner: PumpRunner
  #nowMs = 0
  #plugged = true
  #say: (bytes: Uint8Array) => void = () => {}
  #arrived: Uint8Array[] = []

  constructor(options: ReplayOptions) {
    this.#options = options
    const { pump, story, host, told } = options
    // The pump is moved in steps: neither is ever asked.
    const clock: Clock = { now: () => instant(0), monotonic: () => 0 }
    const scheduler: Scheduler = { after: () => () => {} }
    const truth: TruthLog = { write: ({ wallAt: _wall, monotonicMs: _monotonic, ...entry }) => told(entry) }
    const link: Link =
      host === null ? { kind: 'broker', publisher: this.#publisher() } : { kind: 'wire', wire: this.#wire() }
    this.#runner = new PumpRunner({ pump, link, clock, scheduler, truth, story, speed: 1, cableFailed: () => {} })
    this.#runner.start()
    this.#runner.pause()
    this.#ask(host?.opened(0) ?? [])
  }

  /** Of the pump, ms. */
  get nowMs(): number {
    return this.#nowMs
  }

  /** In whole steps of the pump, up to `toMs`. The host speaks in the middle of them, so that no rounding decides who was first. */
  async advance(toMs: number): Promise<void> {
    const { host } = this.#options
    for (; this.#nowMs + usualQuantumMs <= toMs; this.#nowMs += usualQuantumMs) {
      await this.#step()
      const arrived = this.#arrived
      this.#arrived = []
      for (const bytes of arrived) this.#ask(host?.received(bytes, this.#nowMs) ?? [])
      if (this.#plugged) this.#ask(host?.tick(this.#nowMs) ?? [])
      await this.#step()
    }
  }

  async #step(): Promise<void> {
    this.#runner.step(usualQuantumMs / 2)
    await this.#runner.settled
  }

  #ask(requests: readonly Uint8Array[]): void {
    for (const bytes of requests) {
      this.#options.heard('to-pump', bytes)
      this.#say(bytes)
    }
  }

  #cable() {
    const { host } = this.#options
    return {
      address: 'replay',
      plugged: true,
      plug: async (): Promise<void> => {
        if (this.#plugged) return
        this.#plugged = true
        this.#ask(host?.opened(this.#nowMs) ?? [])
      },
      unplug: async (): Promise<void> => {
        if (this.#plugged) host?.closed(this.#nowMs)
        this.#plugged = false
        this.#arrived = []
      },
      [Symbol.asyncDispose]: async (): Promise<void> => {},
    }
  }

  #wire(): Wire {
    return {
      ...this.#cable(),
      droppedBytes: 0,
      onReceived: (listener) => {
        this.#say = listener
      },
      write: (bytes) => {
        if (!this.#plugged) return
        this.#options.heard('from-pump', bytes)
        this.#arrived.push(bytes)
      },
    }
  }

  #publisher(): Publisher {
    return {
      ...this.#cable(),
      pending: 0,
      dropped: 0,
      publish: async (publication) => {
        if (this.#plugged) this.#options.published(publication)
        return this.#plugged
      },
      retransmit: () => {},
    }
  }
}
