import type { Cancel, Clock, Scheduler } from '#domain/time.ts'
import type { Act } from './acts.ts'
import type { Deed } from './deeds.ts'
import { deafens, isProgramFault, type FaultSwitch, type ProgramFault } from './faults/catalog.ts'
import { FaultyBroker, type Sending } from './faults/faulty-broker.ts'
import { damageOf, FaultyWire, isDamaged, type Passage } from './faults/faulty-wire.ts'
import { RunningFaults } from './faults/running-faults.ts'
import { readKey } from './keys.ts'
import type { Happened, Publisher, TruthLog } from './ports.ts'
import type { Scenario } from './scenario.ts'
import { usualQuantumMs, type SimulatedPump } from './simulated-pump.ts'
import { reportOf, type Link, type PumpReport } from './pump-report.ts'
import type { Output } from './statement.ts'
import type { WireWatch } from './wire-watch.ts'

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
  /** Does a fault of a program around the pumps, and lets the other pumps know; what went wrong, or null. Absent: none is done. */
  readonly around?: (fault: ProgramFault, change: FaultSwitch) => string | null
  /** Sees what passes on the wire. */
  readonly watch?: WireWatch
}

type Publishing = Output & { readonly kind: 'publish' }

/** A machine that was asleep goes on where it was; a pump does not tell an hour in a second. Real ms. */
const longestGapMs = 2000

/** Lets one pump live in real time on one link. */
export class PumpRunner implements AsyncDisposable {
  readonly #options: PumpRunnerOptions
  #realMs: number
  #virtualMs = 0
  #speed: number
  #paused = false
  readonly #faults = new RunningFaults()
  readonly #fromPump: FaultyWire<Output>
  readonly #toPump: FaultyWire<null>
  readonly #messages: FaultyBroker<Publishing>
  #cancel: Cancel | null = null
  #cable: Promise<void> = Promise.resolve()
  /** The other end has spoken since the cable is in: from here on it listens. */
  #heard = false
  /** Of what is being written now. */
  #droppedBytes = 0
  /** Its longest pause so far, and when its last piece came out, real ms; null: nothing of it has. */
  #pauseMs = 0
  #pieceMs: number | null = null

  constructor(options: PumpRunnerOptions) {
    this.#options = options
    this.#realMs = options.clock.monotonic()
    this.#speed = options.speed
    this.#fromPump = new FaultyWire(options.pump.seed, 'from-pump')
    this.#toPump = new FaultyWire(options.pump.seed, 'to-pump')
    this.#messages = new FaultyBroker(options.pump.seed)
  }

  get id(): string {
    return this.#options.pump.id
  }

  /** Switches the pump on: one that answered before it lives would be taken for silent. */
  start(): void {
    const { clock, link, pump, story } = this.#options
    this.#realMs = clock.monotonic()
    this.#write({ kind: 'story', pumpId: pump.id, scenario: story })
    if (link.kind === 'wire')
      link.wire.onReceived((bytes) => {
        this.#catchUp()
        this.#toPump.push(bytes, this.#virtualMs, null)
        this.#deliver(this.#virtualMs)
      })
    this.#tick()
  }

  /** Another story begins; faults of the one before end with it. `seed` null: the pump's own. */
  async tell(scenario: Scenario, seed: number | null): Promise<void> {
    const { pump } = this.#options
    for (const change of this.#faults.ends) await this.#byHand({ kind: 'fault', change })
    this.#catchUp()
    pump.tell(scenario, seed ?? pump.seed)
    this.#write({ kind: 'story', pumpId: pump.id, scenario: scenario.name })
  }

  /** How virtual time goes for this pump. */
  get time(): { readonly virtualMs: number; readonly speed: number; readonly paused: boolean } {
    return { virtualMs: this.#options.pump.nowMs, speed: this.#speed, paused: this.#paused }
  }

  /** By hand; moves also a paused pump by one quantum. Resolves when a cable has been moved, too. */
  async act(act: Act): Promise<void> {
    await this.#byHand({ kind: 'act', act })
  }

  /** A fault begins or ends by hand; one that goes on already ends before it begins anew. Resolves when a cable has been moved, too. */
  async fault(change: FaultSwitch): Promise<void> {
    const ends = this.#faults.endings(change)
    for (const one of change.on ? [...ends, change] : ends) await this.#byHand({ kind: 'fault', change: one })
  }

  /** Presses a key of the pump: what it did, or a sentence that says what is wrong. */
  async press(key: unknown): Promise<readonly Act[] | string> {
    const { state, settings } = this.#options.pump.reading
    const acts = readKey(key, state, settings)
    if (typeof acts === 'string') return acts
    for (const act of acts) await this.act(act)
    return acts
  }

  /** Virtual seconds per real second from now on. */
  setSpeed(speed: number): void {
    this.#catchUp()
    this.#speed = speed
    this.#paused = false
  }

  /** Virtual time stands still until `goOn` or `setSpeed`; questions are still answered. */
  pause(): void {
    this.#catchUp()
    this.#paused = true
  }

  goOn(): void {
    this.setSpeed(this.#speed)
  }

  /** Moves a paused pump by so much virtual time. */
  step(ms: number): void {
    this.pause()
    this.#moveTo(this.#virtualMs + ms)
  }

  /** Resolves when the cable is where it was last moved to. */
  get settled(): Promise<void> {
    return this.#cable
  }

  report(): PumpReport {
    return reportOf(this.#options.pump, this.#options.link, this.#faults.names)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#cancel?.()
    this.#cancel = null
    await this.#cable
    const { link } = this.#options
    await (link.kind === 'wire' ? link.wire : link.publisher)[Symbol.asyncDispose]()
  }

  async #byHand(deed: Deed): Promise<void> {
    this.#catchUp()
    const { pump } = this.#options
    this.#put(pump.byHand(deed))
    this.#virtualMs = Math.max(this.#virtualMs, pump.nowMs)
    await this.#cable
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
    const elapsed = Math.min(now - this.#realMs, longestGapMs)
    this.#realMs = now
    this.#moveTo(this.#virtualMs + (this.#paused ? 0 : elapsed * this.#speed))
  }

  #moveTo(virtualMs: number): void {
    this.#virtualMs = virtualMs
    this.#put(this.#options.pump.advance(virtualMs))
    this.#deliver(virtualMs)
  }

  #put(outputs: readonly Output[]): void {
    for (const output of outputs) this.#putOne(output)
  }

  #putOne(output: Output): void {
    const { link } = this.#options
    this.#deliver(output.atMs)
    switch (output.kind) {
      case 'note':
        return this.#tell(output)
      case 'cable':
        return this.#moveCable(output)
      case 'fault':
        this.#tell(output)
        return this.#setFault(output)
      case 'bytes': {
        if (link.kind !== 'wire') return
        this.#fromPump.push(output.bytes, output.atMs, output)
        return this.#deliver(output.atMs)
      }
      case 'publish': {
        if (link.kind !== 'broker') return
        for (const publishing of this.#messages.pass(output)) this.#send(link.publisher, publishing)
      }
    }
  }

  /** A program around this pump is in trouble: another pump's story has it so. */
  surrounded(change: FaultSwitch): void {
    this.#write({ kind: 'fault', pumpId: this.#options.pump.id, ...change })
    if (deafens(change.fault)) this.#heard = false
  }

  #changeAround(fault: ProgramFault, change: FaultSwitch): void {
    const why = this.#options.around?.(fault, change) ?? null
    if (why !== null) this.#write({ kind: 'not-done', pumpId: this.#options.pump.id, fault, on: change.on, why })
  }

  #setFault({ change, atMs }: Output & { readonly kind: 'fault' }): void {
    const { fault, way } = change
    this.#faults.note(change)
    if (isProgramFault(fault)) this.#changeAround(fault, change)
    if (way !== 'to-pump') this.#fromPump.set(change, atMs)
    if (way !== 'from-pump') this.#toPump.set(change, atMs)
    const { link } = this.#options
    if (link.kind === 'broker') for (const late of this.#messages.set(change)) this.#send(link.publisher, late)
    // Whoever could not be heard has to speak again before it is known to listen.
    if (deafens(change.fault)) this.#heard = false
    this.#deliver(atMs)
  }

  /** What has arrived by then at either end. */
  #deliver(virtualMs: number): void {
    const { link, pump } = this.#options
    if (link.kind !== 'wire') return
    for (const { bytes, passage } of this.#fromPump.arrived(virtualMs)) {
      const before = link.wire.droppedBytes
      const nowMs = this.#options.clock.monotonic()
      if (this.#pieceMs !== null) this.#pauseMs = Math.max(this.#pauseMs, nowMs - this.#pieceMs)
      this.#pieceMs = nowMs
      if (bytes.length > 0) link.wire.write(bytes)
      const lostBytes = link.wire.droppedBytes - before
      this.#droppedBytes += lostBytes
      this.#options.watch?.passed({ atMs: virtualMs, way: 'from-pump', bytes, lostBytes })
      if (passage === null) continue
      this.#tellPassage(passage, passage.of)
      this.#droppedBytes = 0
      this.#pauseMs = 0
      this.#pieceMs = null
    }
    for (const { bytes, passage } of this.#toPump.arrived(virtualMs)) {
      if (passage !== null && isDamaged(passage)) this.#tellPassage(passage, null)
      if (bytes.length === 0) continue
      this.#hear()
      this.#options.watch?.passed({ atMs: pump.nowMs, way: 'to-pump', bytes, lostBytes: 0 })
      this.#put(pump.received(bytes))
    }
  }

  #tellPassage(passage: Passage<unknown>, output: Output | null): void {
    const damage = damageOf(passage)
    if (output !== null && output.fact !== null)
      return this.#tell(output, { droppedBytes: this.#droppedBytes, ...this.#pause(), ...damage })
    if (damage !== null)
      this.#write({
        kind: 'damage',
        pumpId: this.#options.pump.id,
        way: output === null ? 'to-pump' : 'from-pump',
        ...damage,
      })
  }

  #pause(): { readonly pauseMs?: number } {
    return this.#pauseMs === 0 ? {} : { pauseMs: Math.round(this.#pauseMs) }
  }

  #send(publisher: Publisher, { output, again, isSamePacket }: Sending<Publishing>): void {
    if (!again || output.fact?.kind === 'sample') this.#tell(output, again ? { again, isSamePacket } : {})
    this.#options.watch?.published(output.atMs, output.publication, publisher.plugged)
    if (isSamePacket) publisher.retransmit()
    else void this.#publish(publisher, output, again)
  }

  #tell(output: Output, more: Readonly<Record<string, unknown>> = {}): void {
    if (output.fact !== null) this.#write({ ...output.fact, virtualMs: output.atMs, ...more })
  }

  async #publish(publisher: Publisher, { publication, fact }: Publishing, again: boolean): Promise<void> {
    const acknowledged = await publisher.publish(publication)
    if (fact === null || again) return
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
    if (!plugged) {
      this.#heard = false
      for (const lost of this.#fromPump.clear()) this.#tellPassage(lost, lost.of)
      this.#pauseMs = 0
      this.#pieceMs = null
      this.#toPump.clear()
    }
    this.#cable = this.#cable
      .then(() => (plugged ? port.plug() : port.unplug()))
      .then(
        () => this.#write({ kind: 'cable', pumpId: pump.id, plugged, virtualMs: atMs }),
        (error: unknown) => cableFailed(pump.id, error),
      )
  }
}
