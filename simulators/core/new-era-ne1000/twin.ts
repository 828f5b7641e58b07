import type { AlarmCode } from '#domain/alarm/codes.ts'
import type { OperatingState } from '#domain/telemetry.ts'
import { FirmwareBugs } from '../firmware-bugs.ts'
import type { FirmwareBug } from '../faults/catalog.ts'
import type { PumpChange, ProtocolTwin, PumpReading, Utterance } from '../protocol-twin.ts'
import type { ModelAlarm } from '../pump-alarms.ts'
import { flowNow } from '../pump-state.ts'
import type { WireFact } from '../statement.ts'
import { float, packet, RequestReader, type NewEraMode } from './frames.ts'

/** `A?` and its letter, and what it says by new-era-ne1000.md 5. */
const letters = {
  S: 'drive-fault',
  R: 'device-text',
  T: 'host-timeout',
  E: 'pump-malfunction',
} as const satisfies Readonly<Record<string, AlarmCode>>
type Letter = keyof typeof letters

/** A blocked line stalls the motor; air, bag and battery this pump cannot see. */
const letterOf: Readonly<Partial<Record<ModelAlarm, Letter>>> = {
  'pump-malfunction': 'E',
  'drive-fault': 'S',
  'occlusion-downstream': 'S',
  'occlusion-unspecified': 'S',
}

export interface NewEraTwinOptions {
  readonly mode: NewEraMode
  /** Communication time-out of Safe mode, s; 0: switched off. */
  readonly safTimeoutS: number
}

const address = '00'

/**
 * A laboratory pump (new-era-ne1000.md). In Safe mode it pushes each alarm once. Any valid request acknowledges an alarm and arms the
 * time-out, which alarms and stops the pump when requests end.
 */
export class NewEraTwin implements ProtocolTwin {
  readonly checkFromEnd?: number
  readonly #bugs = new FirmwareBugs()
  readonly #options: NewEraTwinOptions
  #requests: RequestReader
  /** Told in the answer to the next request, whatever it asks for. */
  #unacknowledged: Letter | null = null
  /** When the time-out runs out, ms of uptime; null: not armed. */
  #deadlineMs: number | null = null
  /** The alarms that were told and are not over, for the truth. */
  #active: readonly Letter[] = []

  constructor(options: NewEraTwinOptions) {
    this.#options = options
    this.#requests = new RequestReader(options.mode)
    // In Basic mode there is no check.
    if (options.mode === 'safe') this.checkFromEnd = 2
  }

  firmware(bug: FirmwareBug, on: boolean): void {
    this.#bugs.set(bug, on)
  }

  /** The first time it has been on for a while; later its power was interrupted, and it says so. */
  poweredOn({ state }: PumpReading): readonly Utterance[] {
    this.#requests = new RequestReader(this.#options.mode)
    this.#deadlineMs = null
    this.#unacknowledged = null
    if (state.boots === 1) return []
    const over = this.#active.map((letter) => fact(letter, false))
    this.#active = []
    return [...over, ...this.#alarm('R')]
  }

  stepped({ reading, before, edges }: PumpChange): readonly Utterance[] {
    const said: Utterance[] = []
    for (const { code, raised } of edges) {
      const letter = letterOf[code]
      if (letter !== undefined && raised) said.push(...this.#alarm(letter))
    }
    const { state } = reading
    // Somebody has set it right and started it: what it told before is over.
    const started = flow(reading) > 0 && flow({ ...reading, state: before }) === 0
    if (started) said.push(...this.#over())
    if (this.#deadlineMs !== null && state.uptimeMs >= this.#deadlineMs) {
      this.#deadlineMs = null
      said.push(...this.#alarm('T'), { fact: null, ids: {}, act: { act: 'pause' } })
    }
    return said
  }

  received(bytes: Uint8Array, reading: PumpReading): readonly Utterance[] {
    return this.#requests.push(bytes).map((text) => this.#answer(text, reading))
  }

  #answer(text: string, reading: PumpReading): Utterance {
    const { mode, safTimeoutS } = this.#options
    const request = text.startsWith(address) ? text.slice(address.length) : text
    // A request for another pump of the line.
    if (/^[0-9]{2}/.test(request)) return { fact: null, ids: {} }
    if (mode === 'safe' && safTimeoutS > 0) this.#deadlineMs = reading.state.uptimeMs + safTimeoutS * 1000
    const alarm = this.#unacknowledged
    if (!this.#bugs.has('stuck-alarm')) this.#unacknowledged = null
    const isQuery = request === 'DIS' || request === 'RAT'
    const refused: WireFact | null = isQuery ? null : { kind: 'refused', request: text }
    if (alarm !== null) return this.#reply(`A?${alarm}`, refused)
    const letter = statusLetter(reading)
    if (!isQuery) return this.#reply(request === '' ? letter : `${letter}?`, refused)
    const { state } = reading
    const data =
      request === 'DIS'
        ? `I${float(state.infusedTotalMl)}W0.000ML`
        : `${float(this.#bugs.rate(state.programmedRateMlPerHour))}MH`
    return this.#reply(letter + data, request === 'DIS' ? sampleOf(reading) : null)
  }

  #reply(text: string, told: WireFact | null): Utterance {
    return { bytes: packet(this.#options.mode, address + text), fact: told, ids: {} }
  }

  #alarm(letter: Letter): readonly Utterance[] {
    const isNew = !this.#active.includes(letter)
    this.#unacknowledged = letter
    this.#active = isNew ? [...this.#active, letter] : this.#active
    const truth = isNew ? [fact(letter, true)] : []
    return this.#options.mode === 'safe' ? [...truth, this.#reply(`A?${letter}`, null)] : truth
  }

  #over(): readonly Utterance[] {
    if (this.#bugs.has('stuck-alarm')) return []
    const over = this.#active.map((letter) => fact(letter, false))
    this.#active = []
    this.#unacknowledged = null
    return over
  }
}

const fact = (letter: Letter, raised: boolean): Utterance => ({
  fact: { kind: 'alarm', code: letters[letter], raised, priority: null },
  ids: { vendorCode: `A?${letter}` },
})

const flow = ({ state, settings }: Pick<PumpReading, 'state' | 'settings'>): number => flowNow(state, settings)

const statusLetter = (reading: PumpReading): string => {
  if (flow(reading) > 0) return 'I'
  if (reading.state.activity === 'between-doses') return 'T'
  return reading.state.activity === 'paused' ? 'P' : 'S'
}

const sampleOf = (reading: PumpReading): WireFact => {
  const { state } = reading
  const letter = statusLetter(reading)
  return {
    kind: 'sample',
    operatingState: stateOf[letter] ?? 'stopped',
    rateMlPerHour: null,
    infusedTotalMl: Number(float(state.infusedTotalMl)),
    programRemainingMl: null,
    linePressureMmHg: null,
    batteryPercent: null,
    activeAlarms: null,
  }
}

const stateOf: Readonly<Record<string, OperatingState>> = {
  I: 'infusing',
  P: 'paused',
  T: 'between-doses',
  S: 'stopped',
}
