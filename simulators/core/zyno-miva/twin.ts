import { hex } from '../crc.ts'
import { FrameReader } from '../frame-reader.ts'
import type { PumpChange, ProtocolTwin, PumpReading, Utterance } from '../protocol-twin.ts'
import type { ModelAlarm } from '../pump-alarms.ts'
import { FirmwareBugs } from '../firmware-bugs.ts'
import type { FirmwareBug } from '../faults/catalog.ts'
import { pumpClock, type PumpClock } from '../pump-clock.ts'
import { batteryPercent, delivers, programRemainingMl, type PumpState } from '../pump-state.ts'
import type { WireFact } from '../statement.ts'
import { erased, EventRing, ringEntries } from './event-ring.ts'
import { checkHex, clockText, entryOf, frame, type MivaCheck } from './frames.ts'
import { eventsOf, settingChangeOf, type Logged, type MivaEventTable } from './log-events.ts'

export interface MivaFirmware {
  readonly check: MivaCheck
  readonly eventTable: MivaEventTable
}

const usualFirmware: MivaFirmware = { check: 'sum', eventTable: 'none' }

/** An ambulatory pump that answers the requests of zyno-miva.md 2 and nothing else, and writes what happens into its log. */
export class MivaTwin implements ProtocolTwin {
  /** Its years count from 2000. */
  readonly clockBeginsMs = 946_684_800_000
  readonly #serial: string
  readonly checkFromEnd = 2
  readonly #firmware: MivaFirmware
  readonly #events: Readonly<Partial<Record<ModelAlarm, Logged>>>
  readonly #bugs = new FirmwareBugs()
  #streamMs = 0
  readonly #ring = new EventRing()
  /** Alarms that the log has told and not ended, in the order they were told. */
  #standing: readonly Logged[] = []
  readonly #frames = new FrameReader({ begin: '\u0002', end: '\u0003', bound: 64 })
  /** What `Q5` said last: a sample is it and the next `Q6`. */
  #infusedTold = 0

  constructor(serial: string, firmware: MivaFirmware = usualFirmware) {
    this.#serial = serial
    this.#firmware = firmware
    this.#events = eventsOf(firmware.eventTable)
  }

  firmware(bug: FirmwareBug, on: boolean): void {
    this.#bugs.set(bug, on)
  }

  /** The log outlives the power: a start writes the battery and a run into it. */
  poweredOn({ state }: PumpReading): readonly Utterance[] {
    this.#frames.reset()
    this.#streamMs = 0
    this.#log(state, 13, batteryPercent(state) > 50 ? 32 : 1)
    return this.#run(state)
  }

  stepped({ reading, before, edges }: PumpChange): readonly Utterance[] {
    const { state } = reading
    if (before.programmedRateMlPerHour !== state.programmedRateMlPerHour) this.#logProgram(state)
    const told: Utterance[] = [...this.#stream(state)]
    for (const { code, raised } of edges) {
      const event = this.#events[code]
      if (event !== undefined) told.push(...(raised ? this.#raise(state, event) : this.#end(state, event)))
    }
    if (delivers(state.activity) && !delivers(before.activity)) told.push(...this.#run(state))
    const toldWhy = this.#standing.some(({ type }) => type !== 13)
    if (!delivers(state.activity) && delivers(before.activity) && !toldWhy) this.#log(state, 2, 0)
    return told
  }

  received(bytes: Uint8Array, reading: PumpReading): readonly Utterance[] {
    return this.#frames.push(bytes).flatMap((content) => this.#request(content, reading))
  }

  #request(content: string, reading: PumpReading): readonly Utterance[] {
    const text = content.slice(0, -2)
    if (content.slice(-2) !== checkHex(text, this.#firmware.check)) return []
    const index = /^RE([0-9A-F]{8})$/.exec(text)?.[1]
    const data = index === undefined ? this.#answer(text, reading) : this.#entry(Number.parseInt(index, 16))
    if (data === null) return [{ fact: { kind: 'refused', request: text }, ids: {} }]
    return [
      {
        bytes: frame(text + data, this.#firmware.check),
        fact: this.#factOf(text, reading),
        ids: { head: this.#ring.head },
      },
    ]
  }

  #entry(index: number): string | null {
    return index < ringEntries ? this.#ring.read(index) : null
  }

  #answer(request: string, { state, linePressureMmHg }: PumpReading): string | null {
    switch (request) {
      case 'RN':
        return this.#serial
      case 'RS':
        return '1.02.003'
      case 'RB':
        return hex(2000, 4)
      case 'RL':
        return 'SIM LIBRARY   1.0.00'
      case 'RC':
        return clockText(this.#time(state))
      case 'RI':
        return this.#ring.text
      case 'R7':
        return hex(Math.round(volts(state) * 100), 4)
      case 'RD':
        return hex(0x0100, 4) + hex(Math.max(0, Math.round(linePressureMmHg)), 4)
      case 'R2':
        return hex(0x0200, 4) + hex(0x0400, 4)
      case 'Q0':
        return 'CONTINUOUS'
      case 'Q3':
        return hex(Math.floor(state.uptimeMs / 1000), 8)
      case 'Q4':
        return 'mL/hr'
      case 'Q5':
        return hundredths(this.#bugs.volume(state.infusedTotalMl))
      case 'Q6':
        return hundredths(this.#bugs.volume(programRemainingMl(state)))
      case 'Q7':
        return '0'
      case 'QD':
        return hundredths(this.#bugs.volume(state.vtbiMl))
      default:
        return null
    }
  }

  #factOf(request: string, { state }: PumpReading): WireFact | null {
    if (request === 'RN') return { kind: 'identity', serial: this.#serial }
    if (request === 'Q5') this.#infusedTold = rounded(this.#bugs.volume(state.infusedTotalMl))
    if (request !== 'Q6') return null
    return {
      kind: 'sample',
      operatingState: state.activity,
      rateMlPerHour: null,
      infusedTotalMl: this.#infusedTold,
      programRemainingMl: rounded(this.#bugs.volume(programRemainingMl(state))),
      linePressureMmHg: null,
      batteryPercent: null,
      activeAlarms: null,
    }
  }

  #time({ uptimeMs, clockAheadMs }: PumpState): PumpClock {
    return pumpClock(uptimeMs, clockAheadMs, this.clockBeginsMs)
  }

  #log(state: PumpState, type: number, subtype: number): number {
    const values = type === 13 ? ([volts(state), state.infusedTotalMl] as const) : ([state.infusedTotalMl, 0] as const)
    if (this.#bugs.stride() === 2) this.#ring.write(erased)
    return this.#ring.write(entryOf({ type, subtype, time: this.#time(state), values }))
  }

  /** A block of raw records, whose first bytes look like an occlusion. */
  #logProgram(state: PumpState): void {
    const change = settingChangeOf(this.#firmware.eventTable)
    if (change !== null) this.#log(state, change, 0)
    this.#log(state, 0, 0x0100)
    this.#log(state, 9, 2)
    this.#log(state, 9, 1)
    this.#log(state, 0, 0x0200)
  }

  #raise(state: PumpState, event: Logged): readonly Utterance[] {
    const entry = this.#log(state, event.type, event.subtype)
    if (this.#standing.includes(event)) return []
    this.#standing = [...this.#standing, event]
    return [told(event, true, entry)]
  }

  /** One event ends all alarms of its kind; those that are still there are told again. */
  #end(state: PumpState, event: Logged): readonly Utterance[] {
    const { ends } = event
    if (ends === undefined || !this.#standing.includes(event) || this.#bugs.has('stuck-alarm')) return []
    const entry = this.#log(state, ends.type, ends.subtype)
    const over = this.#standing.filter((one) => one.ends === ends)
    this.#standing = this.#standing.filter((one) => one.ends !== ends)
    const still = over.filter((one) => state.alarms.some((code) => this.#events[code] === one))
    return [...over.map((one) => told(one, false, entry)), ...still.flatMap((one) => this.#raise(state, one))]
  }

  #run(state: PumpState): readonly Utterance[] {
    const entry = this.#log(state, 1, 0)
    const over = this.#standing.filter(({ type }) => type !== 13)
    this.#standing = this.#standing.filter(({ type }) => type === 13)
    const ended = over.map((one) => told(one, false, entry))
    return this.#bugs.has('stuck-alarm') ? [...ended, ...over.flatMap((one) => this.#raise(state, one))] : ended
  }

  /** A stream that a service tool left on: `S9` and what a sensor says, once a second (zyno-miva.md 1). */
  #stream({ uptimeMs }: PumpState): readonly Utterance[] {
    if (!this.#bugs.has('sensor-stream') || uptimeMs < this.#streamMs) return []
    this.#streamMs = uptimeMs + 1000
    return [{ bytes: frame(`S9${hex(uptimeMs % 0x1_0000, 8)}`, this.#firmware.check), fact: null, ids: {} }]
  }
}

const told = ({ says }: Logged, raised: boolean, entry: number): Utterance => ({
  fact: { kind: 'alarm', code: says, raised, priority: null },
  ids: { entry },
})

/** Of a lithium cell, roughly. */
const volts = (state: PumpState): number => 3.3 + 0.9 * (batteryPercent(state) / 100)

const rounded = (value: number): number => Math.round(value * 100) / 100

const hundredths = (value: number): string => hex(Math.round(value * 100), 4)
