import type { PumpEventCode } from '#domain/events.ts'
import { ChannelId, EpisodeId } from '#domain/ids.ts'
import { emptySample, type OperatingState, type PowerSource, type TelemetrySample } from '#domain/telemetry.ts'
import type { Condition, PumpEventBody } from '#domain/uplink/records.ts'
import { FirmwareBugs } from '../firmware-bugs.ts'
import type { AlarmEdge, ProtocolTwin, PumpChange, PumpReading, Utterance } from '../protocol-twin.ts'
import { alarmBehaviour } from '../pump-alarms.ts'
import { batteryPercent, delivers, flowNow, programRemainingMl, type PumpState } from '../pump-state.ts'
import { stepIndex } from '../program.ts'
import type { FirmwareBug } from '../faults/catalog.ts'
import type { Publication, WireFact } from '../statement.ts'

const channelId = ChannelId.parse('1')

type EventDetail = PumpEventBody['detail']

export interface MqttTwinOptions {
  readonly pumpId: string
  readonly serial: string
  readonly intervalMs: number
}

export const topicOf = (pumpId: string, kind: 'telemetry' | 'alarm' | 'event' | 'status'): string =>
  `pumps/${pumpId}/${kind}`

const thousandth = (value: number): number => Math.round(value * 1000) / 1000

const powerOf = (state: PumpState): PowerSource => {
  if (!state.onMains) return 'onBattery'
  return state.charge < 1 ? 'chargingFull' : 'onMains'
}

const reasonOf = (state: OperatingState): string | null => {
  if (state === 'stopped-alarm') return 'alarming'
  if (state === 'between-doses') return 'between-doses'
  return state === 'paused' || state === 'fault' ? 'not-specified' : null
}

/** One sample, in the words of the vocabulary, with the demo mark. */
export const sampleOf = ({ state, settings, linePressureMmHg }: PumpReading, serial: string): TelemetrySample => {
  const flow = flowNow(state, settings)
  return {
    ...emptySample(channelId, serial),
    measurementStatus: ['demo'],
    operatingState: state.activity,
    notDeliveringReason: reasonOf(state.activity),
    deliveryMode: settings.deliveryMode,
    rateMlPerHour: thousandth(flow),
    programmedRateMlPerHour: state.programmedRateMlPerHour,
    kvoRateMlPerHour: settings.kvoRateMlPerHour,
    vtbiMl: thousandth(state.vtbiMl),
    programRemainingMl: thousandth(programRemainingMl(state)),
    infusedTotalMl: thousandth(state.infusedTotalMl),
    infusedSegmentMl: thousandth(state.infusedSegmentMl),
    containerStartMl: settings.bagMl,
    timeRemainingSeconds:
      state.activity === 'infusing' && flow > 0 ? Math.floor((programRemainingMl(state) / flow) * 3600) : null,
    linePressureMmHg: Math.round(linePressureMmHg),
    airAccumulatedMl: state.airDetectorOn ? thousandth(state.airGatheredMl) : null,
    batteryPercent: Math.round(batteryPercent(state)),
    batteryMinutesRemaining: Math.floor(state.charge * settings.batteryHours * 60),
    powerSource: powerOf(state),
    airDetectorEnabled: settings.airLimitMl === null ? null : state.airDetectorOn,
    upstreamSensorEnabled: settings.upstreamLimitMl === null ? null : state.upstreamSensorOn,
    stepIndex: stepIndex(state, settings),
    stepCount: settings.deliveryMode === 'variable' ? settings.steps.length : null,
    pcaGiven: settings.deliveryMode === 'pca' ? state.pcaGiven : null,
    pcaAttempted: settings.deliveryMode === 'pca' ? state.pcaAttempted : null,
    doseIntervalMinutes: settings.deliveryMode === 'intermittent' ? settings.doseIntervalMinutes : null,
    activeAlarms: [...state.alarms],
  }
}

/** A pump that publishes to the hub's own broker: docs/protocols/mqtt-json.md. */
export class MqttTwin implements ProtocolTwin {
  readonly #options: MqttTwinOptions
  #boots = 0
  #message = 0
  #episode = 0
  #episodes: ReadonlyMap<AlarmEdge['code'], number> = new Map()
  #nextSampleMs = 0
  readonly #bugs = new FirmwareBugs()
  #everShown: TelemetrySample['activeAlarms'] = []

  constructor(options: MqttTwinOptions) {
    this.#options = options
  }

  /** First thing after every connect. */
  hello(): Publication {
    const { pumpId, serial, intervalMs } = this.#options
    return {
      topic: topicOf(pumpId, 'status'),
      payload: JSON.stringify({
        online: true,
        serial,
        intervalMs,
        maker: 'Simulated',
        model: 'generic-ambulatory',
        firmware: '1.0.0',
        measurementStatus: ['demo'],
      }),
      keep: false,
    }
  }

  /** What the broker tells on our behalf when the connection breaks. */
  will(): Publication {
    return { topic: topicOf(this.#options.pumpId, 'status'), payload: '{"online":false}', keep: false }
  }

  poweredOn(reading: PumpReading): readonly Utterance[] {
    this.#boots = reading.state.boots
    this.#episodes = new Map()
    this.#nextSampleMs = reading.state.uptimeMs + this.#options.intervalMs
    return [this.#event('power-on', {}), this.#sample(reading)]
  }

  stepped({ reading, before, edges }: PumpChange): readonly Utterance[] {
    const said = [
      ...edges.map((edge) => this.#condition(edge)),
      ...eventsBetween(before, reading.state).map(([event, detail]) => this.#event(event, detail)),
    ]
    if (said.length > 0 || reading.state.uptimeMs >= this.#nextSampleMs) {
      if (reading.state.uptimeMs >= this.#nextSampleMs) this.#nextSampleMs += this.#options.intervalMs
      said.push(this.#sample(reading))
    }
    return said
  }

  firmware(bug: FirmwareBug, on: boolean): void {
    this.#bugs.set(bug, on)
    this.#everShown = []
  }

  received(): readonly Utterance[] {
    return []
  }

  #sample(reading: PumpReading): Utterance {
    const sample = this.#buggy(sampleOf(reading, this.#options.serial))
    return this.#say('telemetry', sample, {
      kind: 'sample',
      operatingState: sample.operatingState,
      rateMlPerHour: sample.rateMlPerHour ?? 0,
      infusedTotalMl: sample.infusedTotalMl ?? 0,
      programRemainingMl: sample.programRemainingMl,
      linePressureMmHg: sample.linePressureMmHg,
      batteryPercent: sample.batteryPercent,
      activeAlarms: sample.activeAlarms,
    })
  }

  #buggy(sample: TelemetrySample): TelemetrySample {
    this.#everShown = [...this.#bugs.shown(this.#everShown, sample.activeAlarms)]
    return {
      ...sample,
      activeAlarms: this.#everShown,
      rateMlPerHour: sample.rateMlPerHour === null ? null : thousandth(this.#bugs.rate(sample.rateMlPerHour)),
    }
  }

  #condition({ code, raised }: AlarmEdge): Utterance {
    const episode = raised ? (this.#episode += 1) : (this.#episodes.get(code) ?? 0)
    this.#episodes = new Map([...this.#episodes].filter(([other]) => other !== code))
    if (raised) this.#episodes = new Map([...this.#episodes, [code, episode]])
    const { priority } = alarmBehaviour[code]
    const condition: Condition = {
      episodeId: EpisodeId.parse(`${this.#options.serial}-${this.#boots}-${episode}`.slice(0, 64)),
      code,
      vendorCode: null,
      vendorText: null,
      phase: raised ? 'start' : 'end',
      state: raised ? 'active' : 'inactive',
      inactivation: [],
      priority,
      prioritySource: 'pump',
      type: 'technical',
      channelId,
      startedAt: null,
      measurementStatus: ['demo'],
      experimental: false,
    }
    return this.#say('alarm', condition, { kind: 'alarm', code, raised, priority })
  }

  #event(event: PumpEventCode, detail: EventDetail): Utterance {
    const body: PumpEventBody = { event, detail, measurementStatus: ['demo'] }
    return this.#say('event', body, { kind: 'event', event })
  }

  #say(kind: 'telemetry' | 'alarm' | 'event', body: object, fact: WireFact): Utterance {
    this.#message += 1
    return {
      publication: {
        topic: topicOf(this.#options.pumpId, kind),
        payload: JSON.stringify(body),
        keep: kind !== 'telemetry',
      },
      fact,
      ids: { message: this.#message },
    }
  }
}

/** What happened to the pump between two states, in the words of events. */
export const eventsBetween = (
  before: PumpState,
  after: PumpState,
): readonly (readonly [PumpEventCode, EventDetail])[] => {
  const events: (readonly [PumpEventCode, EventDetail])[] = []
  if (before.activity !== after.activity) {
    if (after.activity === 'kvo' || after.activity === 'complete') events.push(['delivery-complete', {}])
    else if (delivers(before.activity) && !delivers(after.activity))
      events.push(['delivery-stop', { reason: after.activity }])
    if (after.activity === 'kvo') events.push(['kvo-start', {}])
    if (before.activity === 'bolus') events.push(['bolus-stop', {}])
    if (after.activity === 'bolus') events.push(['bolus-start', {}])
    if (!delivers(before.activity) && after.activity === 'infusing') events.push(['delivery-start', {}])
    if (before.activity === 'kvo' && after.activity === 'infusing') events.push(['delivery-start', {}])
    if (before.activity === 'starting') events.push(['self-test-passed', {}])
  }
  if (after.silencedUntilMs > before.silencedUntilMs) events.push(['audio-paused-at-pump', {}])
  return events
}
