import { onTestFinished } from 'vitest'
import { MqttSubscriber } from '#gateway/adapters/mqtt-subscriber/mqtt-subscriber.ts'
import { systemScheduler } from '#gateway/adapters/system-time.ts'
import { eventually } from './eventually.ts'
import { newFleet } from './mqtt-hub.ts'
import type { MqttSubscriberOptions } from '#gateway/adapters/mqtt-subscriber/mqtt-subscriber.ts'
import type { Fleet } from './mqtt-hub.ts'

export interface SubscribedHub extends Fleet {
  /** Everything told about the connection, in order; null = subscribed. */
  readonly troubles: readonly (string | null)[]
  readonly refused: readonly string[]
  /** Ends this hub; that broker keeps what comes meanwhile. */
  readonly stop: () => Promise<void>
}

/** A hub that subscribes to a broker; ends with the test. */
export const subscribe = (
  url: string,
  options: Partial<MqttSubscriberOptions> = {},
  hub = newFleet(),
): SubscribedHub => {
  const troubles: (string | null)[] = []
  const refused: string[] = []
  const subscriber = new MqttSubscriber({
    url,
    clientId: 'hub-test',
    username: null,
    password: null,
    ca: null,
    topicPrefix: 'pumps',
    pumps: null,
    receiver: hub.fleet,
    scheduler: systemScheduler,
    // The shortest wait that the range has.
    random: () => 0,
    troubleChanged: (trouble) => troubles.push(trouble),
    refused: (refusal, detail) => refused.push(`${refusal} ${detail}`),
    ...options,
  })
  const stopping = new AbortController()
  const running = subscriber.run(stopping.signal)
  const stop = async (): Promise<void> => {
    stopping.abort()
    await running
    await subscriber[Symbol.asyncDispose]()
  }
  onTestFinished(stop)
  return { ...hub, troubles, refused, stop }
}

export const subscribed = async (hub: SubscribedHub): Promise<SubscribedHub> => {
  await eventually(() => hub.troubles.at(-1) === null, { what: `a subscription, not ${hub.troubles.join('; ')}` })
  return hub
}
