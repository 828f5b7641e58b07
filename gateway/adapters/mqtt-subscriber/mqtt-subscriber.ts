import { messageOf } from '../../core/errors.ts'
import { fullJitter, tcpReopen } from '../../core/backoff.ts'
import { pause } from '../../core/waiting.ts'
import { SubscriberSession } from './session.ts'
import type { Scheduler } from '#domain/time.ts'
import type { Random } from '../../core/backoff.ts'
import type { SessionOptions } from './session.ts'

export interface MqttSubscriberOptions extends Omit<SessionOptions, 'connection'> {
  readonly clientId: string
  readonly username: string | null
  readonly password: string | null
  /** Reads the CA of that broker, PEM; asked at each attempt. Null: the public CAs. */
  readonly ca: (() => Promise<string>) | null
  readonly scheduler: Scheduler
  readonly random: Random
  /** Told once per change: null = subscribed. */
  readonly troubleChanged: (trouble: string | null) => void
}

/** Listens to pumps through somebody else's broker. Who may publish under a pump's name is that broker's business: the topic is all there is. */
export class MqttSubscriber implements AsyncDisposable {
  /** It listens on none. */
  readonly port = null
  readonly #options: MqttSubscriberOptions
  #session: SubscriberSession | null = null
  #trouble: string | null | undefined

  constructor(options: MqttSubscriberOptions) {
    this.#options = options
  }

  /** Connects, and tries again for ever. Ends when `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { scheduler, random } = this.#options
    const stop = (): void => void this.#session?.end()
    signal.addEventListener('abort', stop, { once: true })
    let failures = 0
    while (!signal.aborted) {
      const why = await this.#once(() => {
        failures = 0
        this.#tell(null)
      })
      this.#session = null
      if (signal.aborted) break
      failures += 1
      this.#tell(why)
      await pause(scheduler, fullJitter(tcpReopen, failures, random), signal)
    }
    signal.removeEventListener('abort', stop)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session?.end()
  }

  /** One connection from beginning to end; resolves with why it ended. */
  async #once(subscribed: () => void): Promise<string> {
    const { clientId, username, password, ca } = this.#options
    try {
      const connection = {
        clientId,
        ...(username === null ? {} : { username }),
        ...(password === null ? {} : { password }),
        ...(ca === null ? {} : { ca: await ca() }),
      }
      this.#session = new SubscriberSession({ ...this.#options, connection }, subscribed)
      return await this.#session.ended
    } catch (error) {
      return messageOf(error)
    }
  }

  #tell(trouble: string | null): void {
    if (trouble === this.#trouble) return
    this.#trouble = trouble
    this.#options.receiver.listening(trouble)
    this.#options.troubleChanged(trouble)
  }
}
