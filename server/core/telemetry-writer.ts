import type { Clock, Scheduler } from '#domain/time.ts'
import { ServerError } from './errors.ts'
import type { IngestObserver, RefusedPoint, TelemetryPoint, TelemetryStore } from './ports.ts'
import { TelemetryBreaker } from './telemetry-breaker.ts'

/** Deadline of one write (reliability.md 1, rule 1). */
const deadlineMs = 2000

/** `retry`: nothing is known to be stored, the hub keeps its records. */
export type WriteOutcome =
  | { readonly kind: 'stored'; readonly refused: readonly RefusedPoint[] }
  | { readonly kind: 'retry' }

/** The telemetry store behind its deadline and breaker. Keeps no sample: what is not written stays in the hub's outbox. */
export class TelemetryWriter {
  readonly #store: Pick<TelemetryStore, 'write'>
  readonly #observer: IngestObserver
  readonly #clock: Clock
  readonly #scheduler: Scheduler
  readonly #breaker = new TelemetryBreaker()

  constructor(store: Pick<TelemetryStore, 'write'>, observer: IngestObserver, clock: Clock, scheduler: Scheduler) {
    this.#store = store
    this.#observer = observer
    this.#clock = clock
    this.#scheduler = scheduler
  }

  async write(points: readonly TelemetryPoint[]): Promise<WriteOutcome> {
    if (!this.#breaker.admits(this.#clock.monotonic())) return { kind: 'retry' }
    const wasOpen = this.#breaker.open
    try {
      const { refused } = await this.#withDeadline(this.#store.write(points))
      this.#breaker.succeeded()
      if (wasOpen) this.#observer.telemetryStore('up', null)
      return { kind: 'stored', refused }
    } catch (error) {
      const before = this.#breaker.open
      this.#breaker.failed(this.#clock.monotonic())
      if (!before && this.#breaker.open) this.#observer.telemetryStore('down', error)
      return { kind: 'retry' }
    }
  }

  #withDeadline<T>(work: Promise<T>): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    const cancel = this.#scheduler.after(deadlineMs, () =>
      reject(new ServerError('SRV_STORE_UNAVAILABLE', `the telemetry store took longer than ${deadlineMs} ms`)),
    )
    work.then(resolve, reject)
    return promise.finally(cancel)
  }
}
