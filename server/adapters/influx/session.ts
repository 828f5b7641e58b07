import { ServerError } from '#server/core/errors.ts'
import { connectInflux, type InfluxConnection, type InfluxOptions } from './connection.ts'

/** A connection that is made when it is needed, and anew after a failure. */
export class InfluxSession implements AsyncDisposable {
  readonly #options: InfluxOptions
  #connection: Promise<InfluxConnection> | null = null

  constructor(options: InfluxOptions) {
    this.#options = options
  }

  /** Rejects with `SRV_STORE_UNAVAILABLE`. */
  async run<T>(work: (connection: InfluxConnection) => Promise<T>): Promise<T> {
    try {
      this.#connection ??= connectInflux(this.#options)
      return await work(await this.#connection)
    } catch (error) {
      // Another server may answer next time, or the same without its database.
      this.#connection = null
      const words = error instanceof Error ? error.message : String(error)
      throw new ServerError('SRV_STORE_UNAVAILABLE', `InfluxDB did not do what was asked: ${words}`, error)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const connection = await this.#connection?.catch(() => null)
    connection?.writer.dispose()
  }
}
