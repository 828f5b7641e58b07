import type { AlarmCode } from '#domain/alarm/codes.ts'
import type { OperatingState } from '#domain/telemetry.ts'
import { hex, xmodemHex } from '../crc.ts'
import { FirmwareBugs } from '../firmware-bugs.ts'
import type { FirmwareBug } from '../faults/catalog.ts'
import { FrameReader } from '../frame-reader.ts'
import type { PumpChange, ProtocolTwin, PumpReading, Utterance } from '../protocol-twin.ts'
import type { ModelAlarm } from '../pump-alarms.ts'
import { batteryPercent, flowNow, type PumpState } from '../pump-state.ts'
import { identityPacket, replyPacket, statusData, type Shown } from './frames.ts'

interface Bit {
  readonly bit: number
  /** What the bit says by terumo-xml-tcp.md 6, model ss. */
  readonly says: AlarmCode
  readonly stops: boolean
}

/** A syringe pump has no alarm of air, bag or keep-open flow. */
const bits: Readonly<Partial<Record<ModelAlarm, Bit>>> = {
  'pump-malfunction': { bit: 0, says: 'device-text', stops: false },
  'infusion-complete': { bit: 2, says: 'infusion-complete', stops: true },
  'reservoir-empty': { bit: 2, says: 'infusion-complete', stops: true },
  'occlusion-downstream': { bit: 3, says: 'occlusion-unspecified', stops: true },
  'occlusion-unspecified': { bit: 3, says: 'occlusion-unspecified', stops: true },
  'cassette-detached': { bit: 4, says: 'set-not-seated', stops: true },
  'set-not-seated': { bit: 5, says: 'set-not-seated', stops: true },
  'reservoir-low': { bit: 8, says: 'reservoir-low', stops: false },
  'infusion-near-complete': { bit: 8, says: 'reservoir-low', stops: false },
  'battery-depleted': { bit: 13, says: 'device-text', stops: false },
  'mains-lost': { bit: 15, says: 'mains-lost', stops: false },
  'battery-low': { bit: 19, says: 'battery-low', stops: false },
  'paused-too-long': { bit: 20, says: 'paused-too-long', stops: true },
  'maintenance-due': { bit: 22, says: 'maintenance-due', stops: false },
  'battery-fault': { bit: 23, says: 'battery-fault', stops: false },
}

const set = (state: PumpState): readonly Bit[] => {
  const all = state.alarms.flatMap((code) => bits[code] ?? [])
  return all.filter(({ bit }, at) => all.findIndex((other) => other.bit === bit) === at)
}

const edge = ({ says }: Bit, raised: boolean): Utterance => ({
  fact: { kind: 'alarm', code: says, raised, priority: null },
  ids: {},
})

/** An id of the same shape. */
const otherId = (id: string): string => id.slice(0, -1) + (id.endsWith('1') ? '2' : '1')

const declaration = '<?xml version="1.0"?>'

/** A TE-SS syringe pump: a TCP server that says who it is, tells its basic status, and does nothing else (terumo-xml-tcp.md 3 and 4). */
export class TerumoTwin implements ProtocolTwin {
  readonly #first: string
  #id: string
  readonly checkFromEnd = 2
  readonly #bugs = new FirmwareBugs()
  #shown: readonly Bit[] = []
  readonly #frames = new FrameReader({ begin: '\u0002', end: '\u0003', bound: 4096 })

  constructor(id: string) {
    this.#first = id
    this.#id = id
  }

  swapped(): string {
    this.#id = this.#id === this.#first ? otherId(this.#first) : this.#first
    return this.#id
  }

  poweredOn(): readonly Utterance[] {
    this.#frames.reset()
    this.#shown = []
    return []
  }

  firmware(bug: FirmwareBug, on: boolean): void {
    this.#bugs.set(bug, on)
  }

  /** It never speaks unasked; for the truth an alarm begins when its bit would be set. */
  stepped({ reading }: PumpChange): readonly Utterance[] {
    const was = this.#shown
    const is = this.#bugs.shown(was, set(reading.state))
    this.#shown = is
    return [
      ...was.filter(({ bit }) => !is.some((one) => one.bit === bit)).map((one) => edge(one, false)),
      ...is.filter(({ bit }) => !was.some((one) => one.bit === bit)).map((one) => edge(one, true)),
    ]
  }

  received(bytes: Uint8Array, reading: PumpReading): readonly Utterance[] {
    return this.#frames.push(bytes).flatMap((content) => this.#packet(content, reading))
  }

  #packet(content: string, reading: PumpReading): readonly Utterance[] {
    const xml = content.slice(0, -4)
    if (content.slice(-4) !== xmodemHex(xml)) return []
    if (xml === `${declaration}<REQ><DEVID></DEVID></REQ>`)
      return [{ bytes: identityPacket(this.#id), fact: { kind: 'identity', serial: this.#id }, ids: {} }]
    const [before, after] = [`${declaration}<REQ><DEVID>${this.#id}</DEVID><CMD>`, '</CMD></REQ>']
    // Another pump's id is not answered.
    if (!xml.startsWith(before) || !xml.endsWith(after)) return []
    return [
      this.#command(
        Array.from(atob(xml.slice(before.length, -after.length)), (char) => char.charCodeAt(0)),
        reading,
      ),
    ]
  }

  #command(request: readonly number[], reading: PumpReading): Utterance {
    const [sequence = 0, ...command] = request
    const ids = { sequence }
    const isStatus = command.join() === '1,0,0'
    if (isStatus) {
      const shown = shownBy(reading, this.#shown, this.#bugs)
      const told = (sequence + this.#bugs.stride() - 1) & 255
      const bytes = replyPacket(this.#id, [told, ...command, 0x00, ...statusData(shown)])
      // Nobody takes an answer to another question.
      return { bytes, fact: told === sequence ? factOf(reading, this.#shown, this.#bugs) : null, ids }
    }
    // Too short, too long, or a command this pump does not know.
    const known = [...command, 0, 0, 0].slice(0, 3)
    const result = command.length < 3 ? 0x13 : command.slice(0, 3).join() === '1,0,0' ? 0x14 : 0x11
    const refused = result === 0x13 ? [sequence, ...known, result, 0, 0, 0] : [sequence, ...known, result, ...known]
    const asked = request.map((byte) => hex(byte, 2)).join(' ')
    return { bytes: replyPacket(this.#id, refused), fact: { kind: 'refused', request: asked }, ids }
  }
}

const shownBy = (
  { state, settings, linePressureMmHg }: PumpReading,
  alarms: readonly Bit[],
  bugs: FirmwareBugs,
): Shown => ({
  state: state.activity === 'bolus' ? 4 : flowNow(state, settings) > 0 ? 1 : 0,
  alarmBits: alarms.map(({ bit }) => bit),
  batteryBars: Math.min(5, Math.max(1, Math.ceil(batteryPercent(state) / 20))),
  onMains: state.onMains,
  occlusionMeter: Math.min(3, Math.max(0, Math.floor((4 * linePressureMmHg) / settings.occlusionLimitMmHg))),
  syringe: 6,
  setRateMlPerHour: bugs.rate(flowNow(state, settings) > 0 ? flowNow(state, settings) : state.programmedRateMlPerHour),
  deliveredMl: state.infusedTotalMl,
  targetMl: state.vtbiMl,
  weightKg: 70,
  dilution: 10,
})

const factOf = (reading: PumpReading, alarms: readonly Bit[], bugs: FirmwareBugs): Utterance['fact'] => {
  const { state, settings } = reading
  const flow = flowNow(state, settings)
  return {
    kind: 'sample',
    operatingState: stateOf(state, flow, alarms),
    // a bolus tells no rate
    rateMlPerHour: state.activity === 'bolus' ? null : Math.round(bugs.rate(flow) * 100) / 100,
    infusedTotalMl: Math.round(state.infusedTotalMl * 100) / 100,
    programRemainingMl: null,
    linePressureMmHg: null,
    batteryPercent: null,
    activeAlarms: alarms.map(({ says }) => says),
  }
}

/** What the wire can say: it runs, or it stands still with or without an alarm that stops. */
const stateOf = (state: PumpState, flow: number, alarms: readonly Bit[]): OperatingState => {
  if (flow > 0) return state.activity === 'bolus' ? 'bolus' : 'infusing'
  return alarms.some(({ stops }) => stops) ? 'stopped-alarm' : 'stopped'
}
