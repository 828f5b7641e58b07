import { connect } from 'mqtt'
import { messageOf } from '../../core/errors.ts'
import { MessageWindow } from '../../core/message-window.ts'
import { mqttKinds, readTopic } from '../../core/mqtt-topic.ts'
import type { IClientOptions, IPublishPacket, MqttClient } from 'mqtt'
import type { PumpId } from '#domain/ids.ts'
import type { MqttReceiver } from '../../core/mqtt-receiver.ts'
import type { MqttRefusal } from '../../core/mqtt-refusal.ts'

export interface SessionOptions {
  /** `mqtts://…` or `mqtt://…`. */
  readonly url: string
  readonly connection: Pick<IClientOptions, 'ca' | 'clientId' | 'username' | 'password'>
  readonly topicPrefix: string
  /** The pumps that are heard; null = all. */
  readonly pumps: ReadonlySet<PumpId> | null
  readonly receiver: MqttReceiver
  readonly refused: (refusal: MqttRefusal, detail: string) => void
}

const settings = {
  protocolVersion: 4,
  // That broker keeps for us what comes while we are away.
  clean: false,
  keepalive: 30,
  connectTimeout: 10_000,
  reconnectPeriod: 0,
  resubscribe: false,
} as const satisfies IClientOptions

const goodbyeMs = 1_000
const refusedSubscription = 0x80

/** One connection to somebody else's broker. */
export class SubscriberSession {
  readonly #options: SessionOptions
  readonly #client: MqttClient
  readonly #window: MessageWindow
  readonly #qos = new WeakMap<IPublishPacket, number>()
  #why: string | null = null
  /** Resolves with the reason when the connection has ended. Never rejects. */
  readonly ended: Promise<string>

  /** `subscribed`: told once that broker has granted everything. */
  constructor(options: SessionOptions, subscribed: () => void) {
    this.#options = options
    this.#window = new MessageWindow((error) => this.#giveUp(`a message could not be stored: ${messageOf(error)}`))
    const client = connect(options.url, { ...settings, ...options.connection })
    this.#client = client
    // The library answers one message after the other, so each would be a commit of its own and an alarm would wait behind them all.
    // Taken as QoS 0 it answers none, and ours leave in the same order, after their commits (docs/adr/0014).
    client.on('packetreceive', (packet) => {
      if (packet.cmd !== 'publish') return
      this.#qos.set(packet, packet.qos)
      packet.qos = 0
    })
    client.handleMessage = (packet, next) => this.#take(packet, next)
    client.on('connect', () => this.#subscribe(subscribed))
    client.on('error', (error) => {
      this.#why ??= inWords(error)
    })
    this.ended = new Promise((resolve) =>
      client.once('close', () => {
        this.#window.close()
        client.end(true)
        resolve(this.#why ?? 'the broker closed the connection')
      }),
    )
  }

  /** Says goodbye; what has no acknowledgement stays with the broker. */
  async end(): Promise<void> {
    this.#window.close()
    this.#why ??= 'this hub stops'
    const late = setTimeout(() => this.#client.stream.destroy(), goodbyeMs)
    await this.#client.endAsync().catch(() => {})
    clearTimeout(late)
    this.#client.stream.destroy()
  }

  #subscribe(subscribed: () => void): void {
    const { topicPrefix } = this.#options
    const filters = mqttKinds.map((kind) => `${topicPrefix}/+/${kind}`)
    this.#client.subscribe(filters, { qos: 1 }, (error, granted = [], packet) => {
      const answers = packet?.granted ?? granted.map(({ qos }) => qos)
      if (answers.some((answer) => Number(answer) >= refusedSubscription))
        return this.#giveUp(`the broker does not let this hub subscribe to ${topicPrefix}/+/…`)
      if (error !== null) return this.#giveUp(`could not subscribe: ${messageOf(error)}`)
      if (answers.some((answer) => answer !== 1)) return this.#giveUp('the broker grants no QoS 1')
      subscribed()
    })
  }

  #take(packet: IPublishPacket, next: () => void): void {
    const id = packet.messageId
    const acknowledge = (): void => {
      if (this.#qos.get(packet) === 1 && id !== undefined)
        this.#client.stream.write(Buffer.from([0x40, 2, id >> 8, id & 0xff]))
    }
    this.#window.take(this.#store(packet), acknowledge, () => next())
  }

  async #store(packet: IPublishPacket): Promise<void> {
    const { receiver, topicPrefix, pumps, refused } = this.#options
    const leaveOut = (refusal: MqttRefusal): void => {
      receiver.count(refusal)
      refused(refusal, packet.topic)
    }
    // It tells what was, not what is: nothing is derived from it.
    if (packet.retain) return receiver.count('retained')
    const topic = readTopic(packet.topic, topicPrefix)
    if (topic === null) return leaveOut('foreignTopic')
    if (pumps !== null && !pumps.has(topic.pumpId)) return leaveOut('unknownPump')
    if (!receiver.has(topic.pumpId) && receiver.isFull) return leaveOut('tooManyPumps')
    if (this.#qos.get(packet) === 0) receiver.count('qos0')
    try {
      await receiver.message(topic.pumpId, topic.kind, Buffer.from(packet.payload))
    } catch (error) {
      receiver.count('notStored')
      throw error
    }
  }

  #giveUp(why: string): void {
    this.#why ??= why
    this.#client.stream.destroy()
  }
}

const inWords = (error: Error): string => {
  const code = 'code' in error ? error.code : null
  if (typeof code === 'number') return `the broker refuses this hub: ${error.message}`
  return `the broker cannot be reached: ${error.message}`
}
