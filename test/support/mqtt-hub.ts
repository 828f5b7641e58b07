import { connectAsync } from 'mqtt'
import { onTestFinished } from 'vitest'
import { BootId, EpisodeId } from '#domain/ids.ts'
import { MqttIngress } from '#gateway/adapters/mqtt-ingress/mqtt-ingress.ts'
import { systemClock, systemScheduler } from '#gateway/adapters/system-time.ts'
import { alarmDefaults } from '#gateway/core/alarm-defaults.ts'
import { MqttFleet } from '#gateway/core/mqtt-fleet.ts'
import { PumpStream } from '#gateway/core/pump-stream.ts'
import { MemoryOutbox } from '#test/contract/outbox-memory.ts'
import { eventually } from './eventually.ts'
import type { SecureContextOptions } from 'node:tls'
import type { IClientOptions, MqttClient } from 'mqtt'
import type { MqttIngressOptions } from '#gateway/adapters/mqtt-ingress/mqtt-ingress.ts'

/** The receiving half of a hub, on an outbox that is a list. */
export interface Fleet {
  readonly outbox: MemoryOutbox
  readonly fleet: MqttFleet
  /** `topic fault` of each message that could not be used as it was. */
  readonly rejected: readonly string[]
  readonly count: (counter: string) => number
}

/** The same with the hub's own broker in front. */
export interface Broker extends Fleet {
  readonly port: number
  /** Each refusal with its detail. */
  readonly refused: readonly string[]
}

export const newFleet = (): Fleet => {
  const outbox = new MemoryOutbox(BootId.parse('boot-1'))
  const rejected: string[] = []
  let episodes = 0
  const fleet = new MqttFleet({
    clock: systemClock,
    scheduler: systemScheduler,
    marks: [],
    rejected: (_pumpId, topic, fault) => rejected.push(`${topic} ${fault}`),
    newStream: () =>
      new PumpStream({
        outbox,
        appended: () => {},
        pumpChanged: () => {},
        stamp: () => ({ monotonicMs: systemClock.monotonic(), wallAt: 0, clockQuality: 'unknown' }),
        context: {
          port: 'mqtt',
          experimental: false,
          marks: [],
          defaults: alarmDefaults,
          newEpisodeId: () => EpisodeId.parse(`episode-${(episodes += 1)}`),
        },
      }),
  })
  return { outbox, fleet, rejected, count: (counter) => fleet.report().counters[counter] ?? 0 }
}

/** The hub's broker on a free loopback port; ends with the test. */
export const startBroker = async (options: Partial<MqttIngressOptions> = {}): Promise<Broker> => {
  const hub = newFleet()
  const refused: string[] = []
  const ingress = await MqttIngress.create({
    host: '127.0.0.1',
    port: 0,
    tls: null,
    secrets: new Map(),
    anonymous: true,
    receiver: hub.fleet,
    clock: systemClock,
    scheduler: systemScheduler,
    troubleChanged: () => {},
    refused: (refusal, detail) => refused.push(`${refusal} ${detail}`),
    ...options,
  })
  const stop = new AbortController()
  const running = ingress.run(stop.signal)
  onTestFinished(async () => {
    stop.abort()
    await running
    await ingress[Symbol.asyncDispose]()
  })
  const port = await eventually(() => ingress.port)
  return { ...hub, port, refused }
}

type PumpClientOptions = IClientOptions &
  Pick<SecureContextOptions, 'minVersion' | 'maxVersion'> & { readonly url?: string }

/** A pump's connection, with its id as user name and without a second try. */
export const pumpClient = async (
  { port }: { readonly port: number },
  clientId: string,
  options: PumpClientOptions = {},
): Promise<MqttClient> => {
  const mqtt = await connectAsync(options.url ?? `mqtt://127.0.0.1:${port}`, {
    clientId,
    username: clientId,
    reconnectPeriod: 0,
    connectTimeout: 3_000,
    ...options,
  })
  mqtt.on('error', () => {})
  onTestFinished(() => mqtt.endAsync(true))
  return mqtt
}

/** Publishes as that pump at QoS 1; resolves at the acknowledgement. */
export const publishAs = (mqtt: MqttClient, kind: string, body: unknown): Promise<unknown> =>
  mqtt.publishAsync(`pumps/${mqtt.options.clientId}/${kind}`, typeof body === 'string' ? body : JSON.stringify(body), {
    qos: 1,
  })

export const status = { online: true, serial: 'SN-5', intervalMs: 1000, measurementStatus: ['demo'] }
export const telemetry = {
  operatingState: 'infusing',
  rateMlPerHour: 12.5,
  activeAlarms: [],
  measurementStatus: ['valid'],
}
export const alarm = { code: 'air-in-line', phase: 'start', priority: 'high', vendorCode: 'A-17' }
