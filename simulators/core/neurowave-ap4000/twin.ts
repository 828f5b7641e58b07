import type { AlarmCode, Priority } from '#domain/alarm/codes.ts'
import { FirmwareBugs } from '../firmware-bugs.ts'
import type { FirmwareBug } from '../faults/catalog.ts'
import { FrameReader } from '../frame-reader.ts'
import type { PumpChange, ProtocolTwin, PumpReading, Utterance } from '../protocol-twin.ts'
import type { ModelAlarm } from '../pump-alarms.ts'
import { pumpClock } from '../pump-clock.ts'
import { flowNow, programRemainingMl, type PumpState } from '../pump-state.ts'
import { frame, statusFrame, sumHex, type ShownAlarm, type ShownChannel } from './frames.ts'

interface Shown extends ShownAlarm {
  /** What the code says by neurowave-ap4000.md 4. */
  readonly says: AlarmCode
}

const shown = (
  code: string,
  device: 'PUMP1' | 'SYSTEM',
  priority: 'HIGH' | 'MEDIUM' | 'LOW',
  says: AlarmCode,
): Shown => ({ code, device, priority, sound: `${priority.charAt(0)}P_${device === 'PUMP1' ? 'PUMP' : 'POW'}`, says })

/** The end of the program, of the bag and of a program with keep-open flow are one code; "nearly done" does not exist. */
const codes: Readonly<Partial<Record<ModelAlarm, Shown>>> = {
  'pump-malfunction': shown('PE.06', 'PUMP1', 'HIGH', 'pump-malfunction'),
  'battery-depleted': shown('BA.03', 'SYSTEM', 'HIGH', 'battery-depleted'),
  'air-in-line': shown('PA.01', 'PUMP1', 'HIGH', 'air-in-line'),
  'occlusion-downstream': shown('PA.02', 'PUMP1', 'HIGH', 'occlusion-downstream'),
  'occlusion-upstream': shown('PA.03', 'PUMP1', 'HIGH', 'occlusion-upstream'),
  'cassette-detached': shown('PA.06', 'PUMP1', 'HIGH', 'cassette-detached'),
  'reservoir-empty': shown('PA.08', 'PUMP1', 'HIGH', 'infusion-complete'),
  'infusion-complete': shown('PA.08', 'PUMP1', 'HIGH', 'infusion-complete'),
  'paused-too-long': shown('PA.09', 'PUMP1', 'LOW', 'device-text'),
  'battery-low': shown('BA.02', 'SYSTEM', 'MEDIUM', 'battery-low'),
  'kvo-active': shown('PA.08', 'PUMP1', 'HIGH', 'infusion-complete'),
  'mains-lost': shown('BA.01', 'SYSTEM', 'LOW', 'mains-lost'),
  'reservoir-low': shown('PA.07', 'PUMP1', 'LOW', 'reservoir-low'),
}

const displayed = (state: PumpState): readonly Shown[] => {
  const all = state.alarms.flatMap((code) => codes[code] ?? [])
  return all.filter(({ code }, at) => all.findIndex((other) => other.code === code) === at)
}

const priorityOf: Readonly<Record<ShownAlarm['priority'], Priority>> = { HIGH: 'high', MEDIUM: 'medium', LOW: 'low' }

const edge = (alarm: Shown, raised: boolean): Utterance => ({
  fact: { kind: 'alarm', code: alarm.says, raised, priority: priorityOf[alarm.priority] },
  ids: { vendorCode: alarm.code },
})

/** The second channel runs a program of its own, whatever happens to the first: 1.8 mL/h until 40 mL are in. */
const second = { rateMlPerHour: 1.8, targetMl: 40 }

/** A two-channel pump that answers the two requests of neurowave-ap4000.md 2 and nothing else. The model drives channel 1. */
export class NeurowaveTwin implements ProtocolTwin {
  readonly #serial: string
  readonly checkFromEnd = 3
  readonly #bugs = new FirmwareBugs()
  #shown: readonly Shown[] = []
  readonly #frames = new FrameReader({ begin: '!', end: '\r', bound: 8192 })

  constructor(serial: string) {
    this.#serial = serial
  }

  poweredOn(): readonly Utterance[] {
    this.#frames.reset()
    this.#shown = []
    return []
  }

  firmware(bug: FirmwareBug, on: boolean): void {
    this.#bugs.set(bug, on)
  }

  /** It never speaks unasked; for the truth an alarm begins when the pump would show it. */
  stepped({ reading }: PumpChange): readonly Utterance[] {
    const was = this.#shown
    const is = this.#bugs.shown(was, displayed(reading.state))
    this.#shown = is
    return [
      ...was.filter((alarm) => !is.includes(alarm)).map((alarm) => edge(alarm, false)),
      ...is.filter((alarm) => !was.includes(alarm)).map((alarm) => edge(alarm, true)),
    ]
  }

  received(bytes: Uint8Array, reading: PumpReading): readonly Utterance[] {
    return this.#frames.push(bytes).flatMap((content) => this.#request(content, reading))
  }

  #request(content: string, reading: PumpReading): readonly Utterance[] {
    const text = content.slice(0, -5)
    if (content.at(-5) !== '|' || content.slice(-4) !== sumHex(`!${text}|`)) return []
    if (text === 'CONNREQ') return [this.#connected(reading)]
    if (text === `STATREQ^${this.#serial}`) return this.#status(reading)
    return [{ fact: { kind: 'refused', request: text }, ids: {} }]
  }

  #connected({ state }: PumpReading): Utterance {
    const bytes = frame('CONNREQ', '0.1', this.#serial, ...clock(state))
    return { bytes, fact: { kind: 'identity', serial: this.#serial }, ids: {} }
  }

  /** One frame, and the truth about each of its channels. */
  #status(reading: PumpReading): readonly Utterance[] {
    const { state, settings } = reading
    const [date, time] = clock(state)
    const rate = this.#bugs.rate(flowNow(state, settings))
    const done = (second.rateMlPerHour * state.uptimeMs) / 3_600_000
    const infused = Math.min(second.targetMl, done)
    const secondRate = done < second.targetMl ? second.rateMlPerHour : 0
    const alarms = this.#shown
    const channels = [
      channel('SN-0001', 'DRUG1', state.vtbiMl, state.infusedTotalMl, programRemainingMl(state), rate),
      channel('SN-0002', 'DRUG2', second.targetMl, infused, second.targetMl - infused, secondRate),
    ] as const
    const codesOf = (own: ShownAlarm['device']): readonly AlarmCode[] =>
      alarms.filter(({ device }) => device === own || device === 'SYSTEM').map(({ says }) => says)
    const truth = (channelId: '1' | '2', { infused, remaining, rate }: ShownChannel): Utterance => ({
      fact: {
        kind: 'sample',
        channelId,
        operatingState: channelId === '1' ? state.activity : secondRate > 0 ? 'infusing' : 'complete',
        rateMlPerHour: Number(rate),
        infusedTotalMl: Number(infused),
        programRemainingMl: Number(remaining),
        linePressureMmHg: null,
        batteryPercent: null,
        activeAlarms: codesOf(channelId === '1' ? 'PUMP1' : 'PUMP2'),
      },
      ids: {},
    })
    const bytes = statusFrame({ date, time, alarms, channels }, this.#serial)
    return [{ ...truth('1', channels[0]), bytes }, truth('2', channels[1])]
  }
}

const two = (value: number): string => String(value).padStart(2, '0')

const channel = (
  serial: string,
  drug: string,
  targetMl: number,
  infusedMl: number,
  remainingMl: number,
  rateMlPerHour: number,
): ShownChannel => ({
  serial,
  drug,
  target: String(Number(targetMl.toFixed(3))),
  infused: infusedMl.toFixed(3),
  remaining: remainingMl.toFixed(3),
  rate: rateMlPerHour.toFixed(2),
  bolusTotal: '0',
})

const clock = ({ uptimeMs, clockAheadMs }: PumpState): readonly [date: string, time: string] => {
  const { year, month, day, hour, minute, second: seconds, millisecond } = pumpClock(uptimeMs, clockAheadMs)
  const ms = String(millisecond).padStart(3, '0')
  return [`${year}-${two(month)}-${two(day)}`, `${two(hour)}:${two(minute)}:${two(seconds)}.${ms}`]
}
