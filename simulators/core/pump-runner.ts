import type { Cancel, Clock, Scheduler } from '#domain/time.ts'
import type { Act } from './acts.ts'
import type { Happened, Publisher, TruthLog, Wire } from './ports.ts'
import { usualQuantumMs, type SimulatedPump } from './simulated-pump.ts'
import { batteryPercent, flowNow, programRemainingMl } from './pump-state.ts'
import type { Output } from './statement.ts'

export type Link =
  | { readonly kind: 'wire'; readonly wire: Wire }
  | { readonly kind: 'broker'; readonly publisher: Publisher }

export interface PumpRunnerOptions {
  readonly pump: SimulatedPump
  readonly link: Link
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly truth: TruthLog
  /** Name of the scenario, for the truth log. */
  readonly story: string
  /** Virtual seconds per real second. */
  readonly speed: number
  /** A cable could not be pulled or put back. */
  readonly cableFailed: (pumpId: string, error: unknown) => void
}

export interface PumpReport {
  readonly id: string
  readonly address: string
  readonly plugged: boolean
  readonly uptimeMs: number
  readonly operatingState: string
  readonly rateMlPerHour: number
  readonly infusedTotalMl: number
  readonly programRemainingMl: number
  readonly linePressureMmHg: number
  readonly batteryPercent: number
  readonly onMains: boolean
  readonly activeAlarms: readonly string[]
  readonly dropped: number
}

/** A machine that was asleep goes on where it was; a pump does not tell an hour in a second. Real ms. */
const longestGapMs = 2000

/** Lets one pump live in real time on one link. */
export class PumpRunner implements AsyncDisposable {
  readonly #options: PumpRunnerOptions
  #realMs: number
  #virtualMs = 0
  #cancel: Cancel | null = null
  #cable: Promise<void> = Promise.resolve()
  /** The other end has spoken since the cable is in: from here on it listens. */
  #heard = false

  constructor(options: PumpRunnerOptions) {
    this.#options = options
    this.#realMs = options.clock.monotonic()
    if (options.link.kind === 'wire')
      options.link.wire.onReceived((bytes) => {
        this.#catchUp()
        this.#hear()
        this.#put(options.pump.received(bytes))
      })
  }

  get id(): string {
    return this.#options.pump.id
  }

  start(): void {
    const { clock, pump, story } = this.#options
    this.#realMs = clock.monotonic()
    this.#write({ kind: 'story', pumpId: pump.id, scenario: story })
    this.#tick()
  }

  /** Resolves when a cable has been moved, too. */
  async act(act: Act): Promise<void> {
    this.#catchUp()
    this.#put(this.#options.pump.act(act))
    await this.#cable
  }

  report(): PumpReport {
    const { pump, link } = this.#options
    const { state, settings, linePressureMmHg } = pump.reading
    const port = link.kind === 'wire' ? link.wire : link.publisher
    return {
      id: pump.id,
      address: port.address,
      plugged: port.plugged,
      uptimeMs: state.uptimeMs,
      operatingState: state.activity,
      rateMlPerHour: flowNow(state, settings),
      infusedTotalMl: state.infusedTotalMl,
      programRemainingMl: programRemainingMl(state),
      linePressureMmHg,
      batteryPercent: batteryPercent(state),
      onMains: state.onMains,
      activeAlarms: state.alarms,
      dropped: link.kind === 'wire' ? link.wire.droppedBytes : link.publisher.dropped,
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#cancel?.()
    this.#cancel = null
    await this.#cable
    const { link } = this.#options
    await (link.kind === 'wire' ? link.wire : link.publisher)[Symbol.asyncDispose]()
  }

  #hear(): void {
    if (this.#heard) return
    this.#heard = true
    this.#write({ kind: 'host', pumpId: this.#options.pump.id })
  }

  #tick(): void {
    this.#catchUp()
    this.#cancel = this.#options.scheduler.after(usualQuantumMs, () => this.#tick())
  }

  #catchUp(): void {
    const now = this.#options.clock.monotonic()
    this.#virtualMs += Math.min(now - this.#realMs, longestGapMs) * this.#options.speed
    this.#realMs = now
    this.#put(this.#options.pump.advance(this.#virtualMs))
  }

  #put(outputs: readonly Output[]): void {
    for (const output of outputs) this.#putOne(output)
  }

  #putOne(output: Output): void {
    const { link } = this.#options
    switch (output.kind) {
      case 'note':
        return this.#tell(output)
      case 'cable':
        return this.#moveCable(output)
      case 'bytes': {
        if (link.kind !== 'wire') return
        const before = link.wire.droppedBytes
        link.wire.write(output.bytes)
        return this.#tell(output, { droppedBytes: link.wire.droppedBytes - before })
      }
      case 'publish': {
        if (link.kind !== 'broker') return
        this.#tell(output)
        void this.#publish(link.publisher, output)
      }
    }
  }

  #tell(output: Output, more: Readonly<Record<string, unknown>> = {}): void {
    if (output.fact !== null) this.#write({ ...output.fact, virtualMs: output.atMs, ...more })
  }

  async #publish(publisher: Publisher, { publication, fact }: Output & { readonly kind: 'publish' }): Promise<void> {
    const acknowledged = await publisher.publish(publication)
    if (fact === null) return
    const { pumpId, uptimeMs, ids } = fact
    this.#write({ kind: acknowledged ? 'acknowledged' : 'not-delivered', of: fact.kind, pumpId, uptimeMs, ids })
  }

  #write(entry: Happened): void {
    const { clock, truth } = this.#options
    truth.write({ ...entry, wallAt: clock.now(), monotonicMs: Math.round(clock.monotonic() * 1000) / 1000 })
  }

  /** One after the other, so that a quick unplug and replug end plugged. */
  #moveCable({ plugged, atMs }: Output & { readonly kind: 'cable' }): void {
    const { link, pump, cableFailed } = this.#options
    const port = link.kind === 'wire' ? link.wire : link.publisher
    if (!plugged) this.#heard = false
    this.#cable = this.#cable
      .then(() => (plugged ? port.plug() : port.unplug()))
      .then(
        () => this.#write({ kind: 'cable', pumpId: pump.id, plugged, virtualMs: atMs }),
        (error: unknown) => cableFailed(pump.id, error),
      )
  }
}
