import { MqttIngress } from '../adapters/mqtt-ingress/mqtt-ingress.ts'
import { isLoopback } from '../config.ts'
import { MqttFleet } from '../core/mqtt-fleet.ts'
import { marksOf } from './pump-ports.ts'
import type { Logger } from 'pino'
import type { Clock, Scheduler } from '#domain/time.ts'
import type { Config } from '../config.ts'
import type { NewStream } from './pump-ports.ts'

export interface MqttPumpsDeps {
  readonly newStream: NewStream
  /** Judges silence: it should not count a stall of this process. */
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly log: Logger
}

/** Pumps that speak MQTT, and the hub's own broker for them; no broker when none is configured. */
export const mqttPumps = async (
  mqtt: Config['mqtt'],
  { newStream, clock, scheduler, log }: MqttPumpsDeps,
): Promise<{ readonly fleet: MqttFleet; readonly ingress: MqttIngress | null }> => {
  const marks = marksOf(mqtt?.simulated)
  const fleet = new MqttFleet({
    newStream: () => newStream('mqtt', false, marks),
    marks,
    clock,
    scheduler,
    rejected: (pumpId, topic, fault, why) =>
      log.warn({ pumpId, topic, fault, why }, 'MQTT message not usable as it was'),
  })
  if (mqtt === undefined) return { fleet, ingress: null }
  const ingress: MqttIngress = await MqttIngress.create({
    host: mqtt.host,
    port: mqtt.port,
    secrets: new Map(mqtt.pumps.map(({ id, secret }) => [id, secret?.reveal() ?? null])),
    anonymous: isLoopback(mqtt.host) && mqtt.pumps.length === 0,
    receiver: fleet,
    scheduler,
    troubleChanged: (trouble) => {
      if (trouble === null) log.info({ host: mqtt.host, port: ingress.port }, 'MQTT broker listens')
      else log.warn({ reason: trouble }, 'MQTT broker does not listen, trying on')
    },
    clientRefused: (why) => log.warn({ why: why.slice(0, 200) }, 'MQTT client refused'),
  })
  return { fleet, ingress }
}
