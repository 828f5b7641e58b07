import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { HubAuthority, ownNames } from '../adapters/hub-authority.ts'
import { digestOf } from '../adapters/mqtt-ingress/pump-secrets.ts'
import { MqttFleet } from '../core/mqtt-fleet.ts'
import { refusalText } from '../core/mqtt-refusal.ts'
import { ToldSparingly } from '../core/told-sparingly.ts'
import { isLoopback } from './mqtt-config.ts'
import { marksOf } from './pump-ports.ts'
import type { Logger } from 'pino'
import type { PumpId } from '#domain/ids.ts'
import type { Clock, Scheduler } from '#domain/time.ts'
import type { MqttIngressOptions } from '../adapters/mqtt-ingress/mqtt-ingress.ts'
import type { MqttSubscriberOptions } from '../adapters/mqtt-subscriber/mqtt-subscriber.ts'
import type { Config } from '../config.ts'
import type { Random } from '../core/backoff.ts'
import type { MqttConfig } from './mqtt-config.ts'
import type { NewStream } from './pump-ports.ts'

export interface MqttPumpsDeps {
  readonly newStream: NewStream
  /** Judges silence: it should not count a stall of this process. */
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly random: Random
  readonly log: Logger
}

/** Folder of the hub's CA and of the certificate of its broker, inside `dataDir`. */
export const authorityIn = (dataDir: string): HubAuthority => new HubAuthority(join(dataDir, 'mqtt-tls'))

const secretsOf = ({ pumps }: MqttConfig): ReadonlyMap<PumpId, Uint8Array | null> =>
  new Map(
    pumps.map(({ id, secret, secretSha256 }) => {
      if (secretSha256 !== undefined) return [id, Buffer.from(secretSha256, 'hex')]
      return [id, secret === undefined ? null : digestOf(secret.reveal())]
    }),
  )

/** Where messages of MQTT pumps come from. */
export interface MqttSource extends AsyncDisposable {
  /** Port the hub's own broker listens on; null while it does not, or when it is not the hub's own. */
  readonly port: number | null
  run(signal: AbortSignal): Promise<void>
}

/** Pumps that speak MQTT, and the broker they come through; none when none is configured. */
export const mqttPumps = async (
  { mqtt, dataDir, name }: Pick<Config, 'mqtt' | 'dataDir' | 'name'>,
  { newStream, clock, scheduler, random, log }: MqttPumpsDeps,
): Promise<{ readonly fleet: MqttFleet; readonly source: MqttSource | null }> => {
  const marks = marksOf(mqtt?.simulated)
  const sparingly = new ToldSparingly(clock)
  const fleet = new MqttFleet({
    newStream: () => newStream('mqtt', false, marks),
    marks,
    clock,
    scheduler,
    rejected: (pumpId, topic, fault, why) =>
      sparingly.tell(`${topic} ${fault}`, (heldBack) =>
        log.warn({ pumpId, topic, fault, why, heldBack }, 'MQTT message not usable as it was'),
      ),
  })
  if (mqtt === undefined) return { fleet, source: null }
  const common: Common = {
    receiver: fleet,
    scheduler,
    refused: (refusal, detail) =>
      sparingly.tell(refusal, (heldBack) =>
        log.warn({ refusal, why: refusalText(refusal), detail: detail.slice(0, 120), heldBack }, 'MQTT client refused'),
      ),
  }
  if (mqtt.broker !== undefined) {
    const { url } = mqtt.broker
    const troubleChanged = (reason: string | null): void => {
      if (reason === null) log.info({ broker: url }, 'subscribed to the MQTT broker')
      else log.warn({ broker: url, reason }, 'no connection to the MQTT broker, trying on')
    }
    return { fleet, source: await foreignBroker(mqtt.broker, mqtt, name, { ...common, random, troubleChanged }) }
  }
  const troubleChanged = (reason: string | null): void => {
    if (reason === null) log.info({ host: mqtt.host, port: source.port, tls: mqtt.tls }, 'MQTT broker listens')
    else log.warn({ reason }, 'MQTT broker does not listen, trying on')
  }
  const source: MqttSource = await ownBroker(mqtt, authorityIn(dataDir), { ...common, clock, troubleChanged })
  return { fleet, source }
}

type Common = Pick<MqttIngressOptions & MqttSubscriberOptions, 'receiver' | 'scheduler' | 'refused'>

// Only what this hub needs is loaded: the two libraries take 22 MB of a small computer's memory.
const ownBroker = async (
  mqtt: MqttConfig,
  authority: HubAuthority,
  deps: Common & Pick<MqttIngressOptions, 'clock' | 'troubleChanged'>,
): Promise<MqttSource> => {
  const { MqttIngress } = await import('../adapters/mqtt-ingress/mqtt-ingress.ts')
  return await MqttIngress.create({
    ...deps,
    host: mqtt.host,
    port: mqtt.port,
    tls: mqtt.tls ? () => authority.server([...ownNames(), ...mqtt.names]) : null,
    secrets: secretsOf(mqtt),
    anonymous: isLoopback(mqtt.host) && mqtt.pumps.length === 0,
  })
}

const foreignBroker = async (
  { url, ca, clientId, username, password, topicPrefix }: NonNullable<MqttConfig['broker']>,
  { pumps }: MqttConfig,
  hubName: string,
  deps: Common & Pick<MqttSubscriberOptions, 'random' | 'troubleChanged'>,
): Promise<MqttSource> => {
  const { MqttSubscriber } = await import('../adapters/mqtt-subscriber/mqtt-subscriber.ts')
  return new MqttSubscriber({
    ...deps,
    url,
    topicPrefix,
    ca: ca === undefined ? null : () => readFile(ca, 'utf8'),
    clientId: clientId ?? `hub-${hubName}`,
    username: username ?? null,
    password: password?.reveal() ?? null,
    pumps: pumps.length === 0 ? null : new Set(pumps.map(({ id }) => id)),
  })
}
