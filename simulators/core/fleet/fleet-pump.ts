import type { Act } from '../acts.ts'
import { eventsBetween } from '../mqtt-json/twin.ts'
import type { ModelAlarm } from '../pump-alarms.ts'
import { perform } from '../pump-hands.ts'
import { step } from '../pump-model.ts'
import { flowNow, initialState, linePressureMmHg, programRemainingMl, type PumpState } from '../pump-state.ts'
import { noiseAt, seededRandom, type Random } from '../random.ts'
import { fixes } from '../scenario.ts'
import { AlarmLedger, type RunningAlarm } from './alarm-ledger.ts'
import { actsOf, causeOf, type Cause } from './cause.ts'
import { timeToResolve, type Therapy } from './mixes.ts'
import { planOf, type Plan } from './plan.ts'
import type { Rates } from './rates.ts'
import type { Happening, Said } from './said.ts'
import { Timetable, wholeSeconds } from './timetable.ts'

/** While something happens time goes in these steps, ms; else in steps of up to `quietMs`. */
const fineMs = 1000
const hourMs = 3_600_000
/** Somebody who is there in time stops the pump when this part of the program is left. */
const stoppedAt = 0.01
/** From the next bag on its hook until the pump is switched off, ms. */
const packingMs = 5000
/** Between two presses of the button at least, so that none is refused. */
const leastDemandMs = 15 * 60_000

const preparing: readonly Act[] = (
  ['power-on', 'mains-on', 'release', 'release-upstream', 'clear-air', 'cassette-on', 'new-program'] as const
).map((act) => ({ act }))

export interface FleetPumpOptions {
  readonly index: number
  readonly id: string
  readonly seed: number
  readonly therapy: Therapy
  readonly rates: Rates
  /** 0: none are told. */
  readonly sampleEveryMs: number
  readonly quietMs: number
}

interface Due {
  readonly atMs: number
  readonly acts: readonly Act[]
  readonly endsDelivery: boolean
}

interface Delivery {
  readonly plan: Plan
  readonly startedMs: number
  readonly alarms: Partial<Record<Cause | 'other', number>>
  /** Troubles that were made. */
  made: number
}

/**
 * One pump of a fleet: the pump model, a timetable of deliveries, and somebody who makes trouble and puts it right. Between deliveries
 * it is off. Steps depend on the pump's own state only, so it does the same however its time is cut.
 */
export class FleetPump {
  readonly #options: FleetPumpOptions
  readonly #plans: Random
  readonly #care: Random
  readonly #timetable: Timetable
  #state: PumpState
  #nowMs = 0
  #startsMs: number
  #delivery: Delivery | null = null
  #open: Cause | null = null
  #dues: readonly Due[] = []
  readonly #alarms = new AlarmLedger()
  #message = 0
  #demandMs = 0
  #offMs: number | null = null
  #said: Said[] = []

  constructor(options: FleetPumpOptions) {
    this.#options = options
    const random = seededRandom(options.seed)
    this.#plans = random.fork('plans')
    this.#care = random.fork('care')
    this.#timetable = new Timetable(options.therapy.timing, random.fork('timetable'))
    this.#state = { ...initialState(options.therapy.settings), activity: 'off', boots: 0 }
    this.#startsMs = this.#timetable.next(-1)
  }

  get id(): string {
    return this.#options.id
  }

  get therapy(): string {
    return this.#options.therapy.name
  }

  get state(): PumpState {
    return this.#state
  }

  /** Active alarms with the number of each. */
  get alarms(): ReadonlyMap<ModelAlarm, RunningAlarm> {
    return this.#alarms.running
  }

  /** Everything said up to `toMs`, in order. */
  advance(toMs: number): readonly Said[] {
    this.#said = []
    for (;;) {
      if (this.#delivery === null) {
        if (this.#startsMs > toMs) break
        this.#nowMs = this.#startsMs
        this.#begin()
      }
      const dtMs = this.#pace()
      if (this.#nowMs + dtMs > toMs) break
      this.#nowMs += dtMs
      this.#tick(dtMs)
    }
    return this.#said
  }

  #say(happening: Happening): void {
    this.#message += 1
    const { index, id } = this.#options
    const { uptimeMs, boots } = this.#state
    this.#said.push({
      ...happening,
      atMs: this.#nowMs,
      pump: index,
      pumpId: id,
      uptimeMs,
      boot: boots,
      message: this.#message,
    })
  }

  #do(acts: readonly Act[]): void {
    for (const act of acts) {
      this.#state = perform(this.#state, this.#options.therapy.settings, act)
      this.#say({ kind: 'act', act })
    }
  }

  #begin(): void {
    const { rates, therapy } = this.#options
    const isFirst = this.#state.boots === 0
    for (const act of preparing) this.#state = perform(this.#state, therapy.settings, act)
    const part = isFirst ? this.#timetable.firstPart() : 1
    this.#state = { ...this.#state, vtbiMl: therapy.settings.vtbiMl * part }
    this.#delivery = { plan: planOf(rates, this.#plans), startedMs: this.#nowMs, alarms: {}, made: 0 }
    this.#demandMs = this.#nextDemand()
    this.#say({ kind: 'act', act: { act: 'power-on' } })
    this.#say({ kind: 'event', event: 'power-on', detail: {} })
    this.#say({ kind: 'event', event: 'delivery-start', detail: {} })
    this.#sample()
  }

  #nextDemand(): number {
    const { demandEveryMinutes } = this.#options.therapy
    if (demandEveryMinutes === 0) return Infinity
    const waitMs = -Math.log(1 - this.#care.next()) * (demandEveryMinutes * 60_000 - leastDemandMs)
    return wholeSeconds(this.#nowMs + leastDemandMs + waitMs)
  }

  /** How far time may go in one step: as far as nothing happens. */
  #pace(): number {
    const { sampleEveryMs, quietMs } = this.#options
    const now = this.#nowMs
    const sampleMs = sampleEveryMs === 0 ? Infinity : Math.floor(now / sampleEveryMs + 1) * sampleEveryMs
    const nextMs = Math.min(now + quietMs, sampleMs, this.#demandMs > now ? this.#demandMs : Infinity)
    if (this.#offMs !== null) return Math.min(nextMs, this.#offMs) - now
    const [due] = this.#dues
    const rests = this.#state.alarms.length > 0 && this.#state.activity !== 'infusing'
    if (rests && due !== undefined) return Math.max(fineMs, Math.min(nextMs, due.atMs) - now)
    const quiet = this.#state.activity === 'infusing' && this.#open === null && due === undefined
    return quiet && this.#untilNext() > this.#volumeOf(nextMs - now) ? nextMs - now : fineMs
  }

  #volumeOf(ms: number): number {
    return (flowNow(this.#state, this.#options.therapy.settings) * ms) / hourMs
  }

  /** mL until the next trouble, or the end. */
  #untilNext(): number {
    const { vtbiMl, infusedSegmentMl } = this.#state
    const trouble = this.#delivery?.plan.troubles[this.#delivery.made]
    if (trouble !== undefined) return trouble.at * vtbiMl - infusedSegmentMl
    return programRemainingMl(this.#state) - (this.#delivery?.plan.runsOut === true ? 0 : stoppedAt * vtbiMl)
  }

  #tick(dtMs: number): void {
    if (this.#offMs !== null && this.#nowMs >= this.#offMs) {
      this.#end()
      return
    }
    const before = this.#state
    this.#happen()
    this.#state = step(this.#state, this.#options.therapy.settings, dtMs)
    const edges = this.#edges(before)
    const events = eventsBetween(before, this.#state)
    for (const [event, detail] of events) this.#say({ kind: 'event', event, detail })
    const { sampleEveryMs } = this.#options
    const isTime = sampleEveryMs > 0 && this.#nowMs % sampleEveryMs === 0
    if (edges > 0 || events.length > 0 || isTime) this.#sample()
  }

  /** What hands do at this moment. */
  #happen(): void {
    const due = this.#dues.filter(({ atMs }) => atMs <= this.#nowMs)
    if (due.length > 0) this.#dues = this.#dues.filter(({ atMs }) => atMs > this.#nowMs)
    for (const { acts, endsDelivery } of due)
      if (endsDelivery) this.#pack()
      else this.#do(acts)
    if (this.#offMs !== null) return
    const { activity, alarms, vtbiMl, infusedSegmentMl } = this.#state
    const delivery = this.#delivery
    if (delivery === null || activity !== 'infusing' || alarms.length > 0 || this.#open !== null) return
    const trouble = delivery.plan.troubles[delivery.made]
    if (trouble !== undefined && infusedSegmentMl >= trouble.at * vtbiMl) {
      delivery.made += 1
      this.#open = trouble.cause
      this.#do(actsOf[trouble.cause])
    } else if (trouble === undefined && !delivery.plan.runsOut && programRemainingMl(this.#state) <= stoppedAt * vtbiMl)
      this.#pack()
    else if (this.#nowMs >= this.#demandMs) {
      this.#demandMs = this.#nextDemand()
      this.#do([{ act: 'demand' }])
    }
  }

  /** The next bag is hung, the pump stopped; a moment later it is switched off. */
  #pack(): void {
    // Whoever comes for the end puts everything else right, too.
    const others = this.#state.alarms.filter((code) => causeOf(code) !== 'complete')
    this.#do([...others.flatMap((code) => fixes[code]), { act: 'new-program' }, { act: 'pause' }])
    this.#dues = []
    this.#open = null
    this.#offMs = this.#nowMs + packingMs
  }

  #end(): void {
    const delivery = this.#delivery
    this.#do([{ act: 'power-off' }])
    this.#say({ kind: 'event', event: 'power-off', detail: {} })
    if (delivery !== null)
      this.#say({
        kind: 'delivery',
        therapy: this.#options.therapy.name,
        startedMs: delivery.startedMs,
        alarms: delivery.alarms,
      })
    this.#delivery = null
    this.#offMs = null
    this.#startsMs = this.#timetable.next(this.#nowMs)
  }

  /** Tells what ended and what began; somebody will see to what began. Returns how many. */
  #edges(before: PumpState): number {
    if (before.alarms === this.#state.alarms) return 0
    const edges = this.#alarms.take(this.#state.alarms, this.#nowMs)
    for (const edge of edges) {
      this.#say(edge)
      if (edge.raised) this.#called(edge.code)
      else if (causeOf(edge.code) === this.#open) this.#open = null
    }
    return edges.length
  }

  #called(code: ModelAlarm): void {
    const cause = causeOf(code) ?? 'other'
    const counts = this.#delivery?.alarms
    if (counts !== undefined) counts[cause] = (counts[cause] ?? 0) + 1
    const afterMs = 1000 * this.#care.logNormal(timeToResolve.mu, timeToResolve.sigma)
    const atMs = Math.max(this.#nowMs + fineMs, wholeSeconds(this.#nowMs + afterMs - fineMs / 2))
    const due: Due = { atMs, acts: fixes[code], endsDelivery: cause === 'complete' }
    this.#dues = [...this.#dues, due].toSorted((x, y) => x.atMs - y.atMs)
  }

  #sample(): void {
    const { sampleEveryMs, seed, therapy } = this.#options
    if (sampleEveryMs === 0) return
    const state = this.#state
    const noise = 1.5 * noiseAt(seed, this.#nowMs / fineMs)
    const reading = {
      state,
      settings: therapy.settings,
      linePressureMmHg: linePressureMmHg(state, therapy.settings) + noise,
    }
    this.#say({ kind: 'sample', reading })
  }
}
