import { AlarisTwin } from './core/alaris-acp/twin.ts'
import { Ip1Twin } from './core/ip1/twin.ts'
import { MqttTwin } from './core/mqtt-json/twin.ts'
import { NeurowaveTwin } from './core/neurowave-ap4000/twin.ts'
import { NewEraTwin } from './core/new-era-ne1000/twin.ts'
import { hashText, mix32 } from './core/random.ts'
import { TerumoTwin } from './core/terumo-xml-tcp/twin.ts'
import { MivaTwin } from './core/zyno-miva/twin.ts'
import type { PumpConfig } from './config.ts'
import type { ProtocolTwin } from './core/protocol-twin.ts'

/** Pumps with one seed still live lives of their own. */
export const seedOf = ({ id, seed }: Pick<PumpConfig, 'id' | 'seed'>): number => mix32(seed, hashText(id))

/** The sides of pumps that speak on a wire. */
export const wireTwins: Readonly<
  Record<Exclude<PumpConfig['protocol'], 'mqtt-json'>, (pump: PumpConfig) => ProtocolTwin>
> = {
  ip1: (pump) => {
    const identity = {
      serial: pump.id,
      maker: 'Simulated',
      model: pump.profile ?? 'generic-ambulatory',
      firmware: '1.0.0',
      intervalMs: pump.intervalMs,
      capabilities: ['AL', 'AK', 'LG', 'DEMO'],
    }
    return new Ip1Twin({ identity, seed: seedOf(pump) })
  },
  'alaris-acp': ({ id }) => new AlarisTwin(id),
  'neurowave-ap4000': ({ id }) => new NeurowaveTwin(id),
  'zyno-miva': ({ id, check, eventTable }) => new MivaTwin(id, { check, eventTable }),
  'terumo-xml-tcp': ({ id }) => new TerumoTwin(id),
  'new-era-ne1000': ({ mode, safTimeoutS }) => new NewEraTwin({ mode, safTimeoutS }),
}

/** The side of this pump that publishes. */
export const mqttTwinOf = ({ id, intervalMs }: PumpConfig): MqttTwin =>
  new MqttTwin({ pumpId: id, serial: id, intervalMs })

/** Settings of the hub's port that fit this pump. */
export const portOf = ({
  protocol,
  mode,
  safTimeoutS,
  check,
  eventTable,
}: PumpConfig): Readonly<Record<string, unknown>> => {
  if (protocol === 'terumo-xml-tcp') return { model: 'ss' }
  if (protocol === 'zyno-miva') return { check, eventTable }
  if (protocol !== 'new-era-ne1000') return {}
  // Without a time-out long enough a Safe pump is only listened to (new-era-ne1000.md 3).
  const isPolled = mode === 'basic' || safTimeoutS >= 6
  return isPolled ? { mode, safTimeoutS, poll: 'dis-rat', acceptPollEffects: true } : { mode }
}
