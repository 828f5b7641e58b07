import type { Cancel, Clock, Scheduler } from '#domain/time.ts'
import type { Log } from '../log.ts'
import type { AlarmJournal } from '../ports.ts'
import type { AlarmCopier, AlarmCopy } from './alarm-copy.ts'

/** Where copies go. */
export interface AlarmCopySink {
  /** Position of the newest that is there; 0: none. */
  last(): Promise<number>
  /** The same copy twice is one. Rejects when nothing is known to be stored. */
  write(copies: readonly AlarmCopy[]): Promise<void>
}

/** After a commit; commits of that time are written together. */
const waitMs = 1_000
const againMs = 10_000
/** Between two pages of the journal alarms have the thread for themselves. */
const pageEntries = 500
const pauseMs = 20
/** Written again after a start: of a batch whose answer was lost some may be there and some not. */
const overlap = 1_000

export interface AlarmCopiesDependencies {
  readonly journal: Pick<AlarmJournal, 'readAll'>
  readonly copier: AlarmCopier
  readonly sink: AlarmCopySink
  /** Older ones are not kept there, ms. */
  readonly keptMs: number
  readonly clock: Pick<Clock, 'now'>
  readonly scheduler: Scheduler
  readonly log: Log
}

/**
 * Follows the journal and writes copies of its alarm events for charts: after the commit, never in its way, and after an outage of the
 * store from where it stopped. What was not written stays in the journal.
 */
export class AlarmCopies implements AsyncDisposable {
  readonly #deps: AlarmCopiesDependencies
  /** Null: not asked yet. */
  #written: number | null = null
  #cancel: Cancel | null = null
  #running: Promise<void> | null = null
  #again = false
  #failing = false
  #stopped = false

  constructor(deps: AlarmCopiesDependencies) {
    this.#deps = deps
  }

  /** Something was committed, or the server starts. */
  due(): void {
    this.#again = true
    if (this.#running === null) this.#schedule(waitMs)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true
    this.#cancel?.()
    await this.#running
  }

  #schedule(delayMs: number): void {
    if (this.#cancel !== null || this.#stopped) return
    this.#cancel = this.#deps.scheduler.after(delayMs, () => {
      this.#cancel = null
      this.#again = false
      this.#running = this.#turn()
    })
  }

  async #turn(): Promise<void> {
    const delay = await this.#follow()
    this.#running = null
    if (delay !== null || this.#again) this.#schedule(delay ?? waitMs)
  }

  /** How long to wait before the next try; null: all is written. */
  async #follow(): Promise<number | null> {
    const { journal, sink, log } = this.#deps
    try {
      this.#written ??= Math.max(0, (await sink.last()) - overlap)
      let page: AlarmCopy[] = []
      let [entries, position] = [0, this.#written]
      for await (const entry of journal.readAll(position)) {
        position = entry.position
        const copy = this.#copyOf(entry)
        if (copy !== null) page.push(copy)
        entries += 1
        if (entries % pageEntries !== 0) continue
        await this.#write(page, position)
        page = []
        await new Promise<void>((resolve) => void this.#deps.scheduler.after(pauseMs, resolve))
        if (this.#stopped) return null
      }
      await this.#write(page, position)
      if (this.#failing) log.info({}, 'copies of alarms for charts are written again')
      this.#failing = false
      return null
    } catch (error) {
      if (!this.#failing)
        log.warn(
          { err: error },
          'copies of alarms for charts wait until the telemetry store takes them; the journal has them all',
        )
      this.#failing = true
      // What is read again must find what was known when it was read first.
      this.#deps.copier.forget()
      return againMs
    }
  }

  #copyOf(entry: Parameters<AlarmCopier['copy']>[0]): AlarmCopy | null {
    const copy = this.#deps.copier.copy(entry)
    return copy === null || copy.at < this.#deps.clock.now() - this.#deps.keptMs ? null : copy
  }

  async #write(page: readonly AlarmCopy[], upTo: number): Promise<void> {
    if (page.length > 0) await this.#deps.sink.write(page)
    this.#written = upTo
  }
}
