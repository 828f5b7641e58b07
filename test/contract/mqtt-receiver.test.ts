import { describe, onTestFinished } from 'vitest'
import { startBareBroker, startMosquitto } from '#test/support/foreign-broker.ts'
import { pumpClient, startBroker } from '#test/support/mqtt-hub.ts'
import { subscribe, subscribed } from '#test/support/mqtt-subscriber.ts'
import { findService, missingService, servicesRequired } from '#test/support/services.ts'
import { mqttReceiverContract } from './mqtt-receiver.contract.ts'
import type { ForeignBroker } from '#test/support/foreign-broker.ts'
import type { MqttWay } from './mqtt-receiver.contract.ts'

const through = async (broker: ForeignBroker): Promise<MqttWay> => {
  onTestFinished(() => broker[Symbol.asyncDispose]())
  const hub = await subscribed(subscribe(`mqtt://127.0.0.1:${broker.port}`))
  return { ...hub, pump: (id, options) => pumpClient(broker, id, options) }
}

mqttReceiverContract('the hub’s own broker', async () => {
  const broker = await startBroker()
  return { ...broker, pump: (id, options) => pumpClient(broker, id, options) }
})

mqttReceiverContract('a bare aedes that the hub subscribes to', async () => await through(await startBareBroker()))

const available = findService('mosquitto') !== null
describe.skipIf(!available && !servicesRequired())(
  available ? 'a real mosquitto' : `skipped, ${missingService('mosquitto')}`,
  () => {
    mqttReceiverContract('a mosquitto that the hub subscribes to', async () => {
      const broker = await startMosquitto()
      if (broker === null) throw new Error(missingService('mosquitto'))
      return await through(broker)
    })
  },
)
