import { hex } from '../crc.ts'
import { FirmwareBugs } from '../firmware-bugs.ts'
import type { PumpChange, ProtocolTwin, PumpReading, Utterance } from '../protocol-twin.ts'
import { alarmBehaviour, type ModelAlarm } from '../pump-alarms.ts'
import type { FirmwareBug } from '../faults/catalog.ts'
import type { PumpState } from '../pump-state.ts'
import { seededRandom, type Random } from '../random.ts'
import type { WireFact } from '../statement.ts'
import {
  alarmBits,
  alarmBody,
  answerBody,
  frame,
  identityBody,
  logBody,
  statusBody,
  type Answer,
  type Header,
  type Identity,
  type LogEntry,
  type Status,
} from './frames.ts'
import { codesOf, letters, statusOf, toldState, toldUptimeMs } from './status.ts'
import { RequestReader, type Request } from './requests.ts'

const repeatEveryMs = 1000
const sendingsAtMost = 10
const logFramesAtMost = 16
const logKept = 1000

/** An AL that waits for its ALRX. */
interface Unreceipted {
  readonly notification: number
  readonly bytes: Uint8Array
  readonly ids: Utterance['ids']
  readonly fact: WireFact
  readonly sendings: number
  readonly againAtMs: number
}

export interface Ip1TwinOptions {
  readonly identity: Identity
  readonly seed: number
}

/** Within the 32 characters of the field. */
const otherSerial = (serial: string): string => `${serial.slice(0, 30)}-B`

/** A pump that speaks IP1 as ip1.md says, with all capabilities. */
export class Ip1Twin implements ProtocolTwin {
  #identity: Identity
  readonly #serial: string
  readonly #random: Random
  #reader = new RequestReader()
  #boot = 0
  #seq = 0
  #notification = 0
  #nextStatusMs = 0
  #unreceipted: readonly Unreceipted[] = []
  readonly #log: LogEntry[] = []
  #logged = 0
  readonly checkFromEnd = 3
  readonly #bugs = new FirmwareBugs()
  #everShown = 0

  constructor({ identity, seed }: Ip1TwinOptions) {
    this.#identity = identity
    this.#serial = identity.serial
    this.#random = seededRandom(seed).fork('boot')
  }

  poweredOn(reading: PumpReading): readonly Utterance[] {
    this.#boot = this.#random.whole(1, 0xffff)
    this.#seq = 0
    this.#reader = new RequestReader()
    this.#unreceipted = []
    this.#write(reading.state, 'PON')
    this.#nextStatusMs = reading.state.uptimeMs + this.#identity.intervalMs
    return [this.#identify(), this.#status(reading)]
  }

  firmware(bug: FirmwareBug, on: boolean): void {
    this.#bugs.set(bug, on)
    this.#everShown = 0
  }

  swapped(): string {
    const isFirst = this.#identity.serial === this.#serial
    this.#identity = { ...this.#identity, serial: isFirst ? otherSerial(this.#serial) : this.#serial }
    return this.#identity.serial
  }

  stepped({ reading, before, edges }: PumpChange): readonly Utterance[] {
    const { state } = reading
    if (before.activity !== state.activity) this.#writeActivity(state)
    const said: Utterance[] = []
    for (const edge of edges) {
      const bit = alarmBits[edge.code]
      if (bit === undefined) continue
      this.#write(state, edge.raised ? 'ALR' : 'ALC', hex(bit, 2))
      said.push(this.#notify(state, edge.code, bit, edge.raised))
    }
    said.push(...this.#repeats(state))
    if (state.uptimeMs >= this.#nextStatusMs) {
      this.#nextStatusMs += this.#identity.intervalMs
      said.push(this.#status(reading))
    }
    return said
  }

  received(bytes: Uint8Array, reading: PumpReading): readonly Utterance[] {
    return this.#reader.push(bytes).flatMap((request) => this.#answer(request, reading))
  }

  #answer(request: Request, reading: PumpReading): readonly Utterance[] {
    const { verb, argument } = request
    switch (verb) {
      case 'HI?':
        return argument === null
          ? [this.#acknowledge(request, 'OK'), this.#identify()]
          : [this.#acknowledge(request, 'FORM')]
      case 'ST?':
        return argument === null
          ? [this.#acknowledge(request, 'OK'), this.#status(reading)]
          : [this.#acknowledge(request, 'FORM')]
      case 'AL?':
        return argument === null
          ? [this.#acknowledge(request, 'OK'), ...this.#tellActive(reading.state)]
          : [this.#acknowledge(request, 'FORM')]
      case 'ALRX':
        return [this.#receipt(request)]
      case 'LG?':
        return argument !== null && /^\d{1,9}$/.test(argument)
          ? [this.#acknowledge(request, 'OK'), ...this.#history(Number(argument))]
          : [this.#acknowledge(request, 'FORM')]
      default:
        return [
          this.#acknowledge(request, 'UNSUP', {
            kind: 'refused',
            request: argument === null ? verb : `${verb},${argument}`,
          }),
        ]
    }
  }

  #receipt(request: Request): Utterance {
    const number = request.argument
    if (number === null || !/^[0-9A-F]{4}$/.test(number) || request.boot !== hex(this.#boot, 4))
      return this.#acknowledge(request, 'FORM')
    this.#unreceipted = this.#unreceipted.filter(({ notification }) => hex(notification, 4) !== number)
    return this.#acknowledge(request, 'OK', { kind: 'receipt', of: number })
  }

  #tellActive(state: PumpState): readonly Utterance[] {
    return state.alarms.flatMap((code) => {
      const bit = alarmBits[code]
      return bit === undefined ? [] : [this.#notify(state, code, bit, true)]
    })
  }

  #history(from: number): readonly Utterance[] {
    return this.#log
      .filter(({ index }) => index >= from)
      .slice(0, logFramesAtMost)
      .map((entry) => this.#say((header) => logBody(header, entry), null))
  }

  #repeats(state: PumpState): readonly Utterance[] {
    if (this.#unreceipted.length === 0) return []
    const due = this.#unreceipted.filter(({ againAtMs }) => againAtMs <= state.uptimeMs)
    if (due.length === 0) return []
    this.#unreceipted = this.#unreceipted
      .map((entry) =>
        due.includes(entry)
          ? { ...entry, sendings: entry.sendings + 1, againAtMs: entry.againAtMs + repeatEveryMs }
          : entry,
      )
      .filter(({ sendings }) => sendings < sendingsAtMost)
    // Same frame, same number: no new fact.
    return due.map(({ bytes, ids }) => ({ bytes, fact: null, ids }))
  }

  #identify(): Utterance {
    return this.#say((header) => identityBody(header, this.#identity), {
      kind: 'identity',
      serial: this.#identity.serial,
    })
  }

  #status(reading: PumpReading): Utterance {
    const status = this.#buggy(statusOf(reading))
    return this.#say((header) => statusBody(header, status), {
      kind: 'sample',
      operatingState: toldState(reading.state.activity),
      rateMlPerHour: status.rateUlPerHour / 1000,
      infusedTotalMl: status.infusedUl / 1000,
      programRemainingMl: status.remainingUl === null ? null : status.remainingUl / 1000,
      linePressureMmHg: status.pressureMmHg,
      batteryPercent: status.batteryPercent,
      activeAlarms: codesOf(status.bitmap),
    })
  }

  #buggy(status: Status): Status {
    this.#everShown |= status.bitmap
    return {
      ...status,
      bitmap: this.#bugs.has('stuck-alarm') ? this.#everShown : status.bitmap,
      rateUlPerHour: Math.round(this.#bugs.rate(status.rateUlPerHour)),
    }
  }

  #notify(state: PumpState, code: ModelAlarm, bit: number, raised: boolean): Utterance {
    const notification = this.#notification
    this.#notification = (notification + 1) & 0xffff
    const { priority } = alarmBehaviour[code]
    const fact: WireFact = { kind: 'alarm', code, raised, priority }
    const notice = { uptimeMs: toldUptimeMs(state), notification, bit, priority: letters[priority], raised }
    const said = this.#say((header) => alarmBody(header, notice), fact, { notification: hex(notification, 4) })
    const againAtMs = state.uptimeMs + repeatEveryMs
    this.#unreceipted = [
      ...this.#unreceipted,
      { notification, bytes: said.bytes, ids: said.ids, fact, sendings: 1, againAtMs },
    ]
    return said
  }

  #acknowledge(request: Request, answer: Answer, fact: WireFact | null = null): Utterance {
    return this.#say((header) => answerBody(header, request.seq, answer), fact)
  }

  #say(
    body: (header: Header) => string,
    fact: WireFact | null,
    more: Utterance['ids'] = {},
  ): Utterance & { readonly bytes: Uint8Array } {
    const header = { seq: this.#seq, boot: this.#boot }
    this.#seq = (this.#seq + this.#bugs.stride()) & 0xffff
    return { bytes: frame(body(header)), fact, ids: { boot: hex(header.boot, 4), seq: hex(header.seq, 4), ...more } }
  }

  #writeActivity(state: PumpState): void {
    switch (state.activity) {
      case 'infusing':
      case 'bolus':
      case 'kvo':
        return this.#write(state, 'RUN')
      case 'paused':
        return this.#write(state, 'PAU')
      case 'starting':
      case 'between-doses':
      case 'complete':
      case 'stopped-alarm':
      case 'fault':
      case 'off':
        return this.#write(state, 'STP')
    }
  }

  #write(state: PumpState, kind: LogEntry['kind'], argument = ''): void {
    this.#log.push({ index: this.#logged, uptimeMs: toldUptimeMs(state), kind, argument })
    if (this.#log.length > logKept) this.#log.shift()
    this.#logged += 1
  }
}
