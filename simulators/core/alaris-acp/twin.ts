import type { AlarmCode } from '#domain/alarm/codes.ts'
import { crcHex } from '../crc.ts'
import { FirmwareBugs } from '../firmware-bugs.ts'
import type { FirmwareBug } from '../faults/catalog.ts'
import { FrameReader } from '../frame-reader.ts'
import type { PumpChange, ProtocolTwin, PumpReading, Utterance } from '../protocol-twin.ts'
import type { ModelAlarm } from '../pump-alarms.ts'
import { flowNow, programRemainingMl, type PumpState } from '../pump-state.ts'
import type { WireFact } from '../statement.ts'
import { alarmFrame, frame, infusionFrame, type Infusion } from './frames.ts'

interface Shown {
  readonly code: string
  /** null: blanks. */
  readonly text: string | null
  /** What the code says by alaris-acp.md 4: the most that anybody on the wire can know. */
  readonly says: AlarmCode
}

/** Air and an upstream occlusion do not exist in this protocol. */
const codes: Readonly<Partial<Record<ModelAlarm, Shown>>> = {
  'occlusion-downstream': { code: 'AL_OCCLU', text: 'OCCLUSION', says: 'occlusion-unspecified' },
  'pump-malfunction': { code: 'AL_FAULT', text: null, says: 'pump-malfunction' },
  'battery-depleted': { code: 'AL_EMBAT', text: null, says: 'battery-depleted' },
  'cassette-detached': { code: 'AL_DRDIS', text: null, says: 'set-not-seated' },
  'reservoir-empty': { code: 'AL_EOIST', text: null, says: 'infusion-complete' },
  'infusion-complete': { code: 'AL_VTBIS', text: null, says: 'infusion-complete' },
  'paused-too-long': { code: 'AL_CALLB', text: null, says: 'paused-too-long' },
  'battery-low': { code: 'AL_LWBAT', text: null, says: 'battery-low' },
  'kvo-active': { code: 'AL_VTBIK', text: null, says: 'kvo-active' },
  'mains-lost': { code: 'AL_ACDIS', text: null, says: 'mains-lost' },
  'infusion-near-complete': { code: 'AL_NEOIN', text: null, says: 'infusion-near-complete' },
}

/** One code at a time: the most urgent the protocol has. */
const displayed = (state: PumpState): ModelAlarm | null =>
  state.alarms.find((code) => codes[code] !== undefined) ?? null

/** A serial number of the same shape. */
const otherSerial = (serial: string): string => serial.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10))

/** A syringe pump that answers the eight reading requests of alaris-acp.md 2 and nothing else. */
export class AlarisTwin implements ProtocolTwin {
  readonly #first: string
  #serial: string
  readonly checkFromEnd = 2
  readonly #bugs = new FirmwareBugs()
  #shown: ModelAlarm | null = null
  readonly #frames = new FrameReader({ begin: '!', end: '\r', bound: 256 })
  #logEntry = 100

  constructor(serial: string) {
    this.#first = serial
    this.#serial = serial
  }

  poweredOn(): readonly Utterance[] {
    this.#frames.reset()
    this.#logEntry = 100
    this.#shown = null
    return []
  }

  firmware(bug: FirmwareBug, on: boolean): void {
    this.#bugs.set(bug, on)
  }

  swapped(): string {
    this.#serial = this.#serial === this.#first ? otherSerial(this.#first) : this.#first
    return this.#serial
  }

  /** It never speaks unasked; a change becomes a log entry, and for the truth an alarm begins when the pump shows it. */
  stepped({ reading, before, edges }: PumpChange): readonly Utterance[] {
    const shownBefore = this.#shown
    const now = displayed(reading.state)
    const shown = now ?? (this.#bugs.has('stuck-alarm') ? shownBefore : null)
    this.#shown = shown
    if (before.activity !== reading.state.activity || edges.length > 0) this.#logEntry += this.#bugs.stride()
    if (shownBefore === shown) return []
    return [
      ...(shownBefore === null ? [] : [this.#shows(shownBefore, false)]),
      ...(shown === null ? [] : [this.#shows(shown, true)]),
    ]
  }

  received(bytes: Uint8Array, reading: PumpReading): readonly Utterance[] {
    return this.#frames.push(bytes).flatMap((content) => this.#request(content, reading))
  }

  #request(content: string, reading: PumpReading): readonly Utterance[] {
    const text = content.slice(0, -5)
    if (content.at(-5) !== '|' || content.slice(-4) !== crcHex(text)) return []
    return [this.#answer(text, reading)]
  }

  #answer(request: string, reading: PumpReading): Utterance {
    switch (request) {
      case 'INST_SERIALNO':
        return this.#reply(frame(request, this.#serial), { kind: 'identity', serial: this.#serial })
      case 'COMMS_PROTOCOL':
        return this.#reply(frame(request, 'Asena Rev 2.1.5'))
      case 'COMMS_RESPONSE_MAX':
        return this.#reply(frame(request, '4000', 'ms'))
      case 'SYRINGE_STATUS':
        return this.#reply(frame(request, 'BD PLASTIPAK', String(reading.settings.bagMl).padStart(3), 'CONF'))
      case 'INF_RATE_MAX_SYRINGE':
        return this.#reply(frame(request, '1200.00', 'ml/h'))
      case 'INF_VTBI':
        return this.#reply(frame(request, 'ACT', reading.state.vtbiMl.toFixed(3), 'ml', 'STOP'))
      case 'INF':
        return this.#infusion(reading)
      case 'ALARM':
        return this.#alarm()
      default:
        return { fact: { kind: 'refused', request }, ids: {} }
    }
  }

  #infusion(reading: PumpReading): Utterance {
    const told = infusionOf(reading, this.#serial, this.#logEntry)
    const infusion = { ...told, alarm: this.#shown !== null, rateMlPerHour: this.#bugs.rate(told.rateMlPerHour) }
    return this.#reply(infusionFrame(infusion), {
      kind: 'sample',
      operatingState: reading.state.activity,
      rateMlPerHour: rounded(infusion.rateMlPerHour, 2),
      infusedTotalMl: rounded(infusion.infusedMl, 3),
      programRemainingMl: null,
      linePressureMmHg: rounded(infusion.pressureMmHg, 2),
      batteryPercent: null,
      activeAlarms: null,
    })
  }

  #alarm(): Utterance {
    const shown = this.#shown
    const { code, text } = (shown === null ? undefined : codes[shown]) ?? { code: 'AL_NOALM', text: null }
    return this.#reply(alarmFrame(code, text))
  }

  #shows(code: ModelAlarm, raised: boolean): Utterance {
    const says = codes[code]?.says ?? 'device-text'
    return { fact: { kind: 'alarm', code: says, raised, priority: null }, ids: {} }
  }

  #reply(bytes: Uint8Array, fact: WireFact | null = null): Utterance {
    return { bytes, fact, ids: { logEntry: this.#logEntry } }
  }
}

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits))

/** What an `INF` reply says about a pump. */
export const infusionOf = (
  { state, settings, linePressureMmHg }: PumpReading,
  serial: string,
  logEntry: number,
): Infusion => {
  const flow = flowNow(state, settings)
  const seconds = flow > 0 ? Math.floor((programRemainingMl(state) / flow) * 3600) : null
  return {
    serial,
    alarm: displayed(state) !== null,
    mode: flow > 0 ? 'SET' : 'HLD',
    rateMlPerHour: flow,
    infusedMl: state.infusedTotalMl,
    pressureMmHg: linePressureMmHg,
    secondsLeft: seconds === null || seconds >= 86_400 ? null : seconds,
    logEntry,
  }
}
