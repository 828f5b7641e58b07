import type { Cancel, Scheduler } from '#domain/time.ts'
import type { Log } from './log.ts'

const everyMs = 5_000
/** A command beside the server may hold the journal for two seconds: one failure is none yet. */
const failuresThatCount = 2

export interface JournalPulseDependencies {
  /** Commits something; throws when nothing can be kept: disk full, read-only, damaged. */
  readonly write: () => void
  readonly scheduler: Scheduler
  readonly log: Log
}

/**
 * Whether this server keeps anything, asked every 5 s by a commit of its own. One that does not pages nobody and takes no alarm, so it must
 * not look like one that watches: its screens are told so and say NOT LIVE, `/readyz` says 503, and no watchdog is told that all is well.
 */
export class JournalPulse implements Disposable {
  readonly #deps: JournalPulseDependencies
  #cancel: Cancel = () => {}
  #failures = 0
  #why: unknown = null

  constructor(deps: JournalPulseDependencies) {
    this.#deps = deps
  }

  /** False after two failures: 5 to 10 s after the disk has turned. */
  get keeps(): boolean {
    return this.#failures < failuresThatCount
  }

  /** Rejects with the reason after the first failure. */
  async check(): Promise<void> {
    if (this.#failures > 0) throw this.#why
  }

  start(): void {
    this.#cancel = this.#deps.scheduler.after(everyMs, () => this.start())
    this.#beat()
  }

  [Symbol.dispose](): void {
    this.#cancel()
  }

  #beat(): void {
    const { write, log } = this.#deps
    const kept = this.keeps
    try {
      write()
      this.#failures = 0
      if (!kept) log.info({}, 'the journal takes changes again: screens are let in')
    } catch (error) {
      this.#why = error
      this.#failures += 1
      if (kept && !this.keeps)
        log.error({ err: error }, 'the journal takes no changes: nobody is paged, and screens are cut off')
    }
  }
}
