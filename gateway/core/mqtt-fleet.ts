import { isSimulated } from '#domain/telemetry.ts'
import { messageOf } from './errors.ts'
import { maxMqttPumps, maxPayloadBytes } from './mqtt-limits.ts'
import { defaultIntervalMs, MqttPump } from './mqtt-pump.ts'
import { topicOf } from './mqtt-topic.ts'
import { tickEveryMs } from './pump-session.ts'
import { pause } from './waiting.ts'
import type { PumpId } from '#domain/ids.ts'
import type { MeasurementStatus } from '#domain/telemetry.ts'
import type { Clock, Scheduler } from '#domain/time.ts'
import type { PortReport, PumpReport } from '#domain/uplink/envelope.ts'
import type { MqttReceiver } from './mqtt-receiver.ts'
import type { MqttKind } from './mqtt-topic.ts'
import type { PumpStream } from './pump-stream.ts'

export interface MqttFleetDeps {
  readonly newStream: () => PumpStream
  readonly marks: readonly MeasurementStatus[]
  /** Judges silence: it should not count a stall of this process. */
  readonly clock: Clock
  readonly scheduler: Scheduler
  /** Told for each message that could not be used as it was. */
  readonly rejected: (pumpId: PumpId, topic: string, fault: string, why: string) => void
}

interface Member {
  readonly pumpId: PumpId
  readonly pump: MqttPump
  readonly stream: PumpStream
}

/** All MQTT pumps of the hub, by their ids. */
export class MqttFleet implements MqttReceiver {
  readonly #deps: MqttFleetDeps
  readonly #members = new Map<PumpId, Member>()
  readonly #counters = new Map<string, number>()
  #trouble: string | null = 'not listening yet'
  #turns = 0

  constructor(deps: MqttFleetDeps) {
    this.#deps = deps
  }

  get streams(): readonly PumpStream[] {
    return [...this.#members.values()].map(({ stream }) => stream)
  }

  has(pumpId: PumpId): boolean {
    return this.#members.has(pumpId)
  }

  get isFull(): boolean {
    return this.#members.size >= maxMqttPumps
  }

  intervalMs(pumpId: PumpId): number {
    return this.#members.get(pumpId)?.pump.identity?.statusIntervalMs ?? defaultIntervalMs
  }

  listening(trouble: string | null): void {
    this.#trouble = trouble
  }

  count(counter: string, by = 1): void {
    this.#counters.set(counter, (this.#counters.get(counter) ?? 0) + by)
  }

  connected(pumpId: PumpId): void {
    const { pump, stream } = this.#member(pumpId)
    this.count('connects')
    for (const event of pump.connected()) this.#later(stream.push(event))
  }

  disconnected(pumpId: PumpId): void {
    const { pump, stream } = this.#member(pumpId)
    for (const event of pump.disconnected()) this.#later(stream.push(event))
  }

  /** Resolves when everything in the message is durable, or when the message is counted as unusable. Rejects with the outbox's error. */
  async message(pumpId: PumpId, kind: MqttKind, payload: Uint8Array): Promise<void> {
    const { pump, stream } = this.#member(pumpId)
    const topic = topicOf({ pumpId, kind })
    this.count('bytes', payload.byteLength)
    if (payload.byteLength > maxPayloadBytes) {
      this.count('over')
      this.#deps.rejected(pumpId, topic, 'over', `${payload.byteLength} bytes, at most ${maxPayloadBytes}`)
      return
    }
    const outcome = pump.message(kind, new TextDecoder().decode(payload), this.#deps.clock.monotonic())
    if (!outcome.ok) {
      this.count(outcome.fault)
      this.#deps.rejected(pumpId, topic, outcome.fault, outcome.why)
      return
    }
    this.count('ok')
    if (outcome.unknown.length > 0) {
      this.count('unknownFields', outcome.unknown.length)
      this.#deps.rejected(pumpId, topic, 'unknownFields', outcome.unknown.slice(0, 5).join(', ').slice(0, 120))
    }
    if (outcome.bad.length > 0) {
      this.count('bad')
      this.#deps.rejected(pumpId, topic, 'bad', outcome.bad.slice(0, 5).join(', '))
    }
    await Promise.all(outcome.events.map((event) => stream.push(event)))
  }

  /** Grows about ten times a second. */
  get turns(): number {
    return this.#turns
  }

  /** Watches for silence. Ends only when `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await pause(this.#deps.scheduler, tickEveryMs, signal)
      this.#turns += 1
      for (const { pump, stream } of this.#members.values())
        for (const event of pump.tick(this.#deps.clock.monotonic())) this.#later(stream.push(event))
    }
  }

  report(): PortReport {
    return {
      name: 'mqtt',
      protocol: 'mqtt-json',
      link: this.#trouble === null ? 'up' : 'closed',
      reason: this.#trouble,
      counters: Object.fromEntries(this.#counters),
    }
  }

  pumps(): readonly PumpReport[] {
    const now = this.#deps.clock.monotonic()
    return [...this.#members.values()].map(({ pumpId, pump: { identity, link, lastHeardMs, serial } }) => ({
      pumpId,
      port: 'mqtt',
      protocol: 'mqtt-json',
      link,
      silentMs: lastHeardMs === null ? null : Math.max(0, now - lastHeardMs),
      statusIntervalMs: identity?.statusIntervalMs ?? defaultIntervalMs,
      maker: identity?.maker ?? null,
      model: identity?.model ?? null,
      firmware: identity?.firmware ?? null,
      serial,
      experimental: false,
      simulated: isSimulated([...this.#deps.marks, ...(identity?.measurementStatus ?? [])]),
    }))
  }

  #member(pumpId: PumpId): Member {
    const known = this.#members.get(pumpId)
    if (known !== undefined) return known
    const member = { pumpId, pump: new MqttPump(pumpId), stream: this.#deps.newStream() }
    this.#members.set(pumpId, member)
    return member
  }

  #later(done: Promise<void>): void {
    done.catch((error: unknown) => {
      this.count('lostLinkEvents')
      this.#trouble ??= messageOf(error)
    })
  }
}
