import { commandTopic, readTopic } from '../../core/mqtt-topic.ts'
import { messageOf } from '../../core/errors.ts'
import { hasForeignWill } from './connect-rules.ts'
import { Refused } from './refused.ts'
import type { Aedes, Client } from 'aedes'
import type { PumpId } from '#domain/ids.ts'
import type { Clock } from '#domain/time.ts'
import type { PumpAllowance } from '../../core/mqtt-limits.ts'
import type { MqttReceiver } from '../../core/mqtt-receiver.ts'
import type { MqttRefusal } from '../../core/mqtt-refusal.ts'
import type { MqttKind } from '../../core/mqtt-topic.ts'
import type { Caller } from './caller.ts'

/** security.md 3. The caller's own clock ends a slow CONNECT first; the broker's is a second one. */
export const brokerLimits = {
  connectTimeout: 5_000,
  drainTimeout: 10_000,
  concurrency: 100,
  maxInflightInbound: 100,
  queueLimit: 42,
  maxTopicLevels: 5,
} as const

export interface RuleDeps {
  readonly receiver: MqttReceiver
  readonly allowance: PumpAllowance
  readonly clock: Pick<Clock, 'monotonic'>
  readonly callerOf: (client: Client) => Caller | undefined
}

/** The outbox refused. The pump did nothing wrong: it gets no acknowledgement and sends again. */
class NotStored extends Error {}

/** A connection that simply ended: the fleet hears of it by its disconnect. */
const isGoneAway = (error: Error): boolean =>
  error.name === 'AbortError' ||
  ('code' in error && ['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'].includes(String(error.code)))

/** What those may say who have shown who they are (connect-rules.ts). Everything else is refused and counted. */
export class BrokerRules {
  readonly #deps: RuleDeps
  /** The connection that speaks for a pump now; an older one of the same pump is no longer believed. */
  readonly #current = new Map<PumpId, Client>()

  /** Settles when everything that a client has published so far is answered. */
  readonly #storing = new WeakMap<Client, Promise<void>>()

  constructor(deps: RuleDeps) {
    this.#deps = deps
  }

  applyTo(broker: Aedes): void {
    broker.preConnect = (_client, packet, done) => {
      if (hasForeignWill(packet)) delete packet.will
      // What the broker's memory keeps for somebody who is away has no limit, so nobody's session is kept.
      packet.clean = true
      done(null, true)
    }
    // Its secret has been seen before the broker saw the connection.
    broker.authenticate = (client, _username, _password, done) => done(null, this.#pumpOf(client) === client.id)
    // The one hook before the acknowledgement: it leaves when this calls back, and never when it calls back with an error.
    broker.authorizePublish = (client, packet, done) => {
      packet.retain = false
      const pumpId = client === null ? null : this.#pumpOf(client)
      if (client === null || pumpId === null) return done(new Error('nobody else publishes here'))
      const topic = readTopic(packet.topic)
      const refuse = (refusal: MqttRefusal): void => {
        const reason = this.#blame(client, refusal, pumpId)
        void this.#afterAnswers(client, () => done(reason))
      }
      if (topic === null || topic.pumpId !== pumpId) return refuse(client.closed ? 'foreignWill' : 'foreignTopic')
      // The will of a connection that was replaced says nothing about the new one.
      const current = this.#current.get(pumpId)
      if (current !== undefined && current !== client) return done(null)
      const { allowance, clock, receiver } = this.#deps
      if (!allowance.publish(pumpId, topic.kind, receiver.intervalMs(pumpId), clock.monotonic()))
        return refuse(`${topic.kind}Rate`)
      if (packet.qos === 0) receiver.count('qos0')
      const stored = this.#store(pumpId, topic.kind, Buffer.from(packet.payload), done)
      const before = this.#storing.get(client)
      this.#storing.set(
        client,
        stored.then(() => before),
      )
    }
    broker.authorizeSubscribe = (client, subscription, done) => {
      const own = this.#pumpOf(client) !== null && subscription.topic === commandTopic(client.id)
      if (!own) this.#deps.callerOf(client)?.mention('foreignSubscription', client.id)
      done(null, own ? subscription : null)
    }
    broker.authorizeForward = (client, packet) => (packet.topic === commandTopic(client.id) ? packet : null)
    this.#listenTo(broker)
  }

  #listenTo(broker: Aedes): void {
    const { receiver, callerOf } = this.#deps
    broker.on('clientReady', (client) => {
      const pumpId = this.#pumpOf(client)
      if (pumpId === null) return
      this.#current.set(pumpId, client)
      receiver.connected(pumpId)
    })
    broker.on('clientDisconnect', (client) => {
      const pumpId = this.#pumpOf(client)
      if (pumpId !== null && this.#current.get(pumpId) === client) receiver.disconnected(pumpId)
    })
    broker.on('keepaliveTimeout', (client) => this.#blame(client, 'silentClient', client.id))
    const failed = (client: Client, error: Error): void => {
      if (isGoneAway(error) || error instanceof NotStored) return
      if (error instanceof Refused) callerOf(client)?.blame(error.refusal, error.message)
      else this.#blame(client, 'protocol', messageOf(error))
    }
    broker.on('clientError', failed)
    broker.on('connectionError', failed)
  }

  /**
   * A connection that ends takes the acknowledgements with it that are due on it. What was good before is answered first, or a pump
   * with a long list to tell would tell it anew for ever.
   */
  async #afterAnswers(client: Client, end: () => void): Promise<void> {
    await this.#storing.get(client)
    await new Promise((resolve) => setImmediate(resolve))
    end()
  }

  #pumpOf(client: Client): PumpId | null {
    return this.#deps.callerOf(client)?.pumpId ?? null
  }

  #blame(client: Client, refusal: MqttRefusal, detail: string): Refused {
    this.#deps.callerOf(client)?.blame(refusal, detail)
    return new Refused(refusal, detail)
  }

  async #store(
    pumpId: PumpId,
    kind: MqttKind,
    payload: Uint8Array,
    done: (error?: Error | null) => void,
  ): Promise<void> {
    const { receiver } = this.#deps
    let failure: NotStored | null = null
    try {
      await receiver.message(pumpId, kind, payload)
    } catch (cause) {
      receiver.count('notStored')
      failure = new NotStored(messageOf(cause), { cause })
    }
    done(failure)
  }
}
