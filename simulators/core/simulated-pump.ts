import { type Act } from './acts.ts'
import type { Deed, Deeds } from './deeds.ts'
import type { FaultSwitch } from './faults/catalog.ts'
import { WrongClock } from './faults/wrong-clock.ts'
import { rightClockMs } from './pump-clock.ts'
import { noiseAt, seededRandom } from './random.ts'
import { initialState, linePressureMmHg, type PumpState } from './pump-state.ts'
import { perform } from './pump-hands.ts'
import { step } from './pump-model.ts'
import type { AlarmEdge, ProtocolTwin, PumpReading, Utterance } from './protocol-twin.ts'
import type { PumpSettings } from './pump-settings.ts'
import type { Scenario } from './scenario.ts'
import { StoryTeller } from './story-teller.ts'
import type { Fact, Happening, Output } from './statement.ts'

/** Of pumps on a wire. All time in a simulation is a multiple of its quantum, so that cutting it differently changes nothing. ms. */
export const usualQuantumMs = 50

/** How long a connection is out each time in a storm of them, ms. */
const outageMs = 300

export interface SimulatedPumpOptions {
  readonly id: string
  readonly seed: number
  readonly settings: PumpSettings
  readonly scenario: Scenario
  readonly twin: ProtocolTwin
  /** ms; default `usualQuantumMs`. A fleet takes longer steps: its alarms come later by at most one. */
  readonly quantumMs?: number
  /** Keeps what is done to the pump. */
  readonly deeds?: Deeds
}

/** One pump with its story and its protocol, moved through virtual time by whoever holds it. */
export class SimulatedPump {
  readonly id: string
  /** Of the pump on the cable now. */
  #serial: string
  readonly #settings: PumpSettings
  readonly #twin: ProtocolTwin
  readonly #seed: number
  readonly #quantumMs: number
  readonly #deeds: Deeds | null
  /** What somebody does in this quantum. */
  #hand: Deed | null = null
  #teller: StoryTeller
  /** Breaks of the connection, one after another; null: none. */
  #storm: { readonly everyMs: number; readonly nextMs: number; readonly plugged: boolean } | null = null
  readonly #clock: WrongClock
  /** A bug of the firmware may spoil every check. */
  #checksFit = true
  #state: PumpState
  /** What the protocol has seen of the pump. */
  #seen: PumpState
  #nowMs = 0
  #started = false

  constructor({ id, seed, settings, scenario, twin, quantumMs = usualQuantumMs, deeds }: SimulatedPumpOptions) {
    this.id = id
    this.#serial = id
    this.#seed = seed
    this.#quantumMs = quantumMs
    this.#deeds = deeds ?? null
    this.#settings = settings
    this.#twin = twin
    this.#clock = new WrongClock(twin.clockBeginsMs ?? 0)
    this.#teller = new StoryTeller(scenario, seededRandom(seed))
    this.#state = initialState(settings)
    this.#seen = this.#state
  }

  /** Virtual time since the start, ms. */
  get nowMs(): number {
    return this.#nowMs
  }

  get seed(): number {
    return this.#seed
  }

  get state(): PumpState {
    return this.#state
  }

  get reading(): PumpReading {
    const quantum = Math.floor(this.#nowMs / this.#quantumMs)
    return {
      state: this.#state,
      settings: this.#settings,
      linePressureMmHg: linePressureMmHg(this.#state, this.#settings) + 1.5 * noiseAt(this.#seed, quantum),
    }
  }

  /** Moves virtual time forward to `toMs`, in whole quanta, and says what the pump put out on the way. */
  advance(toMs: number): readonly Output[] {
    const outputs: Output[] = []
    if (!this.#started) {
      this.#started = true
      outputs.push(...this.#powerOn())
    }
    while (this.#nowMs + this.#quantumMs <= toMs) outputs.push(...this.#quantum())
    return outputs
  }

  /**
   * Somebody does something to the pump. It takes a quantum, so that it comes to pass where a scenario would have it: the same
   * deed in a scenario at the same time gives the same bytes.
   */
  byHand(deed: Deed): readonly Output[] {
    this.#hand = deed
    const outputs = this.advance(this.#nowMs + this.#quantumMs)
    this.#hand = null
    return outputs
  }

  /** Another story begins now, with the pump as it is. */
  tell(scenario: Scenario, seed: number): void {
    this.#teller = new StoryTeller(scenario, seededRandom(seed), this.#nowMs)
  }

  /** Something is done to the pump now. */
  act(act: Act): readonly Output[] {
    const before = this.#state
    this.#state = perform(before, this.#settings, act)
    const replaced = this.#serial
    if (act.act === 'swap') this.#serial = this.#twin.swapped?.() ?? this.#serial
    const outputs: Output[] = [
      {
        atMs: this.#nowMs,
        kind: 'note',
        fact: this.#fact({
          kind: 'act',
          act: act.act,
          amount: act.amount ?? null,
          code: act.code ?? null,
          ...(act.act === 'swap' ? { replaces: replaced } : {}),
        }),
      },
    ]
    if (act.act === 'unplug' || act.act === 'replug') outputs.push(this.#cable(act.act === 'replug'))
    if (this.#state.boots !== before.boots) outputs.push(...this.#powerOn())
    return outputs
  }

  /** A fault begins or ends now. What concerns the link is done by whoever holds it: `fault` and `cable` outputs. */
  fault(change: FaultSwitch): readonly Output[] {
    const { fault, on, amount } = change
    const told: Output = { atMs: this.#nowMs, kind: 'fault', change, fact: this.#fact({ kind: 'fault', ...change }) }
    switch (fault) {
      case 'wrong-check':
      case 'sensor-stream':
      case 'skipped-numbers':
      case 'stuck-alarm':
      case 'wrong-unit':
        if (fault === 'wrong-check') this.#checksFit = !on
        this.#twin.firmware?.(fault, on)
        return [told]
      case 'clock-1970':
      case 'clock-step':
      case 'clock-drift':
        this.#clock.set(fault, on ? amount : null, this.#nowMs, rightClockMs(this.#state.uptimeMs))
        this.#tellTime()
        return [told]
      case 'reboot':
        return on ? [told, ...this.act({ act: 'reboot' })] : []
      case 'counter-reset':
        return on ? [told, ...this.act({ act: 'clear-total' })] : []
      case 'unplug':
        return [told, ...this.act({ act: on ? 'unplug' : 'replug' })]
      case 'reconnect-storm': {
        const wasOut = this.#storm?.plugged === false
        this.#storm = on ? { everyMs: amount, nextMs: this.#nowMs, plugged: !wasOut } : null
        return wasOut && !on ? [told, this.#cable(true)] : [told]
      }
      case 'flip':
      case 'drop':
      case 'duplicate':
      case 'truncate':
      case 'garbage':
      case 'wrong-baud':
      case 'split':
      case 'glue':
      case 'slow':
      case 'stall':
      case 'half-open':
      case 'duplicate-publish':
      case 'retransmit':
      case 'reorder':
      case 'hub-clock-1970':
      case 'hub-clock-step':
      case 'hub-clock-drift':
      case 'kill-hub':
      case 'kill-server':
      case 'kill-simulators':
      case 'stop-hub':
      case 'stop-server':
        return [told]
    }
  }

  /** Bytes from the other end of the cable. */
  received(bytes: Uint8Array): readonly Output[] {
    if (this.#state.activity === 'off') return []
    return this.#spoken(this.#twin.received(bytes, this.reading))
  }

  /** Sets the clock that the protocol sees. */
  #tellTime(): void {
    const [clockAheadMs, quartzAheadMs] = [this.#clock.aheadMs(this.#nowMs), this.#clock.driftMs(this.#nowMs)]
    this.#state = { ...this.#state, clockAheadMs, quartzAheadMs }
  }

  #powerOn(): readonly Output[] {
    this.#clock.restarted(rightClockMs(this.#state.uptimeMs))
    if (!this.#clock.isRight) this.#tellTime()
    this.#seen = this.#state
    const note: Output = { atMs: this.#nowMs, kind: 'note', fact: this.#fact({ kind: 'power-on' }) }
    return [note, ...this.#spoken(this.#twin.poweredOn(this.reading))]
  }

  #quantum(): readonly Output[] {
    this.#nowMs += this.#quantumMs
    const outputs: Output[] = []
    outputs.push(...this.#dueFaults())
    for (const act of this.#teller.dueActs(this.#nowMs)) outputs.push(...this.#done({ kind: 'act', act }, false))
    if (this.#hand?.kind === 'act') outputs.push(...this.#done(this.#hand, true))
    this.#state = step(this.#state, this.#settings, this.#quantumMs)
    if (this.#clock.drifts) this.#tellTime()
    const before = this.#seen
    this.#seen = this.#state
    if (this.#state.activity === 'off') return outputs
    const edges = edgesBetween(before, this.#state)
    for (const { code, raised } of edges) if (raised) this.#teller.alarmed(code, this.#nowMs)
    outputs.push(...this.#spoken(this.#twin.stepped({ reading: this.reading, before, edges })))
    return outputs
  }

  #dueFaults(): readonly Output[] {
    const hand = this.#hand?.kind === 'fault' ? this.#hand : null
    const outputs = this.#teller
      .dueFaults(this.#nowMs)
      .flatMap((change) => this.#done({ kind: 'fault', change }, false))
    if (hand !== null) outputs.push(...this.#done(hand, true))
    return [...outputs, ...this.#stormed()]
  }

  #done(deed: Deed, byHand: boolean): readonly Output[] {
    this.#deeds?.note({ atMs: this.#nowMs, byHand, deed })
    return deed.kind === 'act' ? this.act(deed.act) : this.fault(deed.change)
  }

  #stormed(): readonly Output[] {
    if (this.#storm === null || this.#storm.nextMs > this.#nowMs) return []
    const { everyMs, nextMs, plugged } = this.#storm
    this.#storm = { everyMs, nextMs: nextMs + (plugged ? outageMs : everyMs), plugged: !plugged }
    return [this.#cable(!plugged)]
  }

  #cable(plugged: boolean): Output {
    return { atMs: this.#nowMs, kind: 'cable', plugged, fact: null }
  }

  #fact(happening: Happening, ids: Fact['ids'] = {}): Fact {
    return { ...happening, pumpId: this.#serial, uptimeMs: this.#state.uptimeMs, ids }
  }

  /** What nobody can believe is no fact. */
  #checked(said: Utterance): Utterance {
    const { checkFromEnd } = this.#twin
    if (this.#checksFit || said.bytes === undefined || checkFromEnd === undefined) return said
    const at = said.bytes.length - checkFromEnd
    const digit = said.bytes[at] === 0x30 ? 0x31 : 0x30
    return { ...said, bytes: said.bytes.with(at, digit), fact: null }
  }

  #spoken(utterances: readonly Utterance[]): readonly Output[] {
    return utterances
      .map((said) => this.#checked(said))
      .flatMap(({ bytes, publication, fact, ids, act }): readonly Output[] => {
        const done = act === undefined ? [] : this.act(act)
        const shared = { atMs: this.#nowMs, fact: fact === null ? null : this.#fact(fact, ids) }
        if (bytes !== undefined) return [{ ...shared, kind: 'bytes', bytes }, ...done]
        if (publication !== undefined) return [{ ...shared, kind: 'publish', publication }, ...done]
        return fact === null ? done : [{ ...shared, kind: 'note' }, ...done]
      })
  }
}

/** Ended ones first: whoever reads both in order never sees more alarms than there are. */
const edgesBetween = (before: PumpState, after: PumpState): readonly AlarmEdge[] => {
  if (before.alarms === after.alarms) return []
  return [
    ...before.alarms.filter((code) => !after.alarms.includes(code)).map((code) => ({ code, raised: false })),
    ...after.alarms.filter((code) => !before.alarms.includes(code)).map((code) => ({ code, raised: true })),
  ]
}
