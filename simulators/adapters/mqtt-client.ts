import mqtt, { type MqttClient } from 'mqtt'
import type { Publisher } from '../core/ports.ts'
import { publishAgain } from '../core/mqtt-json/publish-again.ts'
import type { Publication } from '../core/statement.ts'

export interface MqttPublisherOptions {
  /** `mqtts://host:port` or `mqtt://host:port`. */
  readonly url: string
  readonly pumpId: string
  readonly password?: string
  /** CA of the hub's broker, PEM; absent: the public CAs. */
  readonly ca?: string
  readonly will: Publication
  /** Told first after every connect. */
  readonly hello: () => Publication
}

interface Kept {
  readonly publication: Publication
  readonly settle: (acknowledged: boolean) => void
}

interface Sent {
  readonly client: MqttClient
  readonly publication: Publication
  readonly packetId: number
}

const firstRetryMs = 500
const longestRetryMs = 5000
/** How long a broker may take to part, ms. */
const goodbyeMs = 1000
/** A pump's memory for what it could not tell; above it the oldest is lost. */
const keptAtMost = 1000

/**
 * One pump's MQTT 3.1.1 connection with its own identity and will. Each attempt is a new client without a memory: what was not
 * acknowledged and has to be kept is told again, in order, after the greeting.
 */
export class MqttPublisher implements Publisher {
  readonly #options: MqttPublisherOptions
  #client: MqttClient | null = null
  #online = false
  #wanted = true
  #retry: NodeJS.Timeout | null = null
  #retryMs = firstRetryMs
  #kept: Kept[] = []
  #pending = 0
  #last: Sent | null = null
  #dropped = 0

  constructor(options: MqttPublisherOptions) {
    this.#options = options
    this.#connect()
  }

  get address(): string {
    return this.#options.url
  }

  get plugged(): boolean {
    return this.#wanted
  }

  get online(): boolean {
    return this.#online
  }

  get pending(): number {
    return this.#pending
  }

  get dropped(): number {
    return this.#dropped
  }

  publish(publication: Publication): Promise<boolean> {
    return new Promise((settle) => {
      const entry = { publication, settle }
      if (!publication.keep) {
        this.#send(entry)
        return
      }
      this.#kept.push(entry)
      if (this.#kept.length > keptAtMost) {
        this.#dropped += 1
        this.#kept.shift()?.settle(false)
      }
      if (this.#online) this.#send(entry)
    })
  }

  retransmit(): void {
    if (this.#last === null || this.#last.client !== this.#client || !this.#online) return
    const { client, publication, packetId } = this.#last
    client.stream.write(publishAgain(publication, packetId))
  }

  /** Breaks the connection without a goodbye: the broker tells our will. */
  async unplug(): Promise<void> {
    this.#wanted = false
    await this.#drop()
  }

  async plug(): Promise<void> {
    if (this.#wanted) return
    this.#wanted = true
    this.#retryMs = firstRetryMs
    this.#connect()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#wanted = false
    const client = this.#client
    if (client === null || !this.#online) return this.#drop()
    this.#detach()
    // The library waits for acknowledgements, and a broker that hangs or is dying itself sends none.
    const { promise: late, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, goodbyeMs)
    await Promise.race([client.endAsync().catch(() => {}), late])
    clearTimeout(timer)
    client.stream.destroy()
  }

  #connect(): void {
    const { url, pumpId, password, ca, will } = this.#options
    const client = mqtt.connect(url, {
      protocolVersion: 4,
      clientId: pumpId,
      username: pumpId,
      ...(password === undefined ? {} : { password }),
      ...(ca === undefined ? {} : { ca }),
      clean: true,
      keepalive: 10,
      reconnectPeriod: 0,
      connectTimeout: 5000,
      queueQoSZero: false,
      will: { topic: will.topic, payload: Buffer.from(will.payload), qos: 1, retain: false },
    })
    this.#client = client
    client.on('error', () => {
      // `close` follows and leads to the next attempt.
    })
    client.on('connect', () => this.#connected())
    client.on('close', () => this.#closed(client))
  }

  #connected(): void {
    this.#online = true
    this.#retryMs = firstRetryMs
    this.#send({ publication: this.#options.hello(), settle: () => {} })
    for (const entry of this.#kept) this.#send(entry)
  }

  #closed(client: MqttClient): void {
    if (this.#client !== client) return
    this.#detach()
    client.end(true)
    if (!this.#wanted) return
    this.#retry = setTimeout(() => this.#connect(), this.#retryMs)
    this.#retryMs = Math.min(longestRetryMs, this.#retryMs * 2)
  }

  #send(entry: Kept): void {
    const client = this.#client
    if (client === null || !this.#online) {
      this.#dropped += 1
      entry.settle(false)
      return
    }
    this.#pending += 1
    const { publication } = entry
    client.publish(publication.topic, publication.payload, { qos: 1 }, (error) => {
      this.#pending -= 1
      const acknowledged = error === undefined || error === null
      if (!acknowledged && entry.publication.keep) return
      this.#kept = this.#kept.filter((other) => other !== entry)
      entry.settle(acknowledged)
    })
    this.#last = { client, publication, packetId: client.getLastMessageId() }
  }

  #detach(): void {
    this.#online = false
    this.#client = null
    if (this.#retry !== null) clearTimeout(this.#retry)
    this.#retry = null
  }

  async #drop(): Promise<void> {
    const client = this.#client
    this.#detach()
    if (client === null) return
    client.stream.destroy()
    await client.endAsync(true).catch(() => {})
  }
}
