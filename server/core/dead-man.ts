import type { Cancel, Clock, Instant, Scheduler } from '#domain/time.ts'
import type { HealthChecks } from './health.ts'
import type { Log } from './log.ts'
import type { Outgoing } from './outgoing.ts'
import { within } from './within.ts'

const checkLimitMs = 5_000

export interface DeadManDependencies {
  /** What has to work for alarms to reach somebody. */
  readonly checks: HealthChecks
  readonly outgoing: Outgoing
  /** Asked while all of it works; when it stops being asked, whoever watches it is told. */
  readonly url: string
  /** Asked once each time something stops working, so that nobody has to wait for the silence. */
  readonly failUrl: string | null
  readonly everyMs: number
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly log: Log
}

export interface DeadManReport {
  readonly pings: number
  /** The watchdog did not answer, or not with a success. */
  readonly unanswered: number
  /** Times at which something of the server did not work: not pinged on purpose. */
  readonly withheld: number
  readonly lastPingAt: Instant | null
  /** Names of the checks that fail now. */
  readonly failing: readonly string[]
}

/**
 * The dead-man's switch (alarms.md, "Silence is an alarm", last row): a watchdog outside is told each minute that this server is
 * well. It is told nothing when the journal cannot be written or the alarm engine or the paging stands still, and nothing can be
 * told when the process is dead or the network gone: each of these silences is the alarm.
 */
export class DeadMan implements Disposable {
  readonly #deps: DeadManDependencies
  #cancel: Cancel = () => undefined
  #report: DeadManReport = { pings: 0, unanswered: 0, withheld: 0, lastPingAt: null, failing: [] }

  constructor(deps: DeadManDependencies) {
    this.#deps = deps
  }

  get report(): DeadManReport {
    return this.#report
  }

  start(): void {
    this.#cancel = this.#deps.scheduler.after(this.#deps.everyMs, () => this.start())
    void this.#round()
  }

  [Symbol.dispose](): void {
    this.#cancel()
  }

  async #round(): Promise<void> {
    const { checks, failUrl, log } = this.#deps
    const results = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => ((await this.#works(name, check)) ? null : name)),
    )
    const failing = results.filter((name) => name !== null)
    const before = this.#report.failing
    this.#report = { ...this.#report, failing }
    if (failing.length === 0) {
      if (before.length > 0) log.info({ before }, 'the server is well again: the watchdog is told so')
      return this.#ping()
    }
    this.#report = { ...this.#report, withheld: this.#report.withheld + 1 }
    log.error({ failing }, 'the server is not well: the watchdog is not told that it is')
    if (failUrl !== null && before.length === 0) await this.#ask(failUrl)
  }

  async #ping(): Promise<void> {
    const { url, clock, log } = this.#deps
    const reason = await this.#ask(url)
    if (reason === null) {
      this.#report = { ...this.#report, pings: this.#report.pings + 1, lastPingAt: clock.now() }
      return
    }
    this.#report = { ...this.#report, unanswered: this.#report.unanswered + 1 }
    log.warn({ reason }, 'the watchdog was not reached')
  }

  async #ask(url: string): Promise<string | null> {
    const answer = await this.#deps.outgoing.send({ method: 'GET', url, headers: {}, body: null })
    if (answer.is === 'timed-out') return 'timed-out'
    if (answer.is === 'failed') return answer.reason
    return answer.status >= 200 && answer.status < 300 ? null : `status ${answer.status}`
  }

  /** A check that does not come back has failed. */
  async #works(name: string, check: HealthChecks[string]): Promise<boolean> {
    const { scheduler, log } = this.#deps
    try {
      return await within(
        scheduler,
        checkLimitMs,
        async () => check().then(() => true),
        () => {
          log.error({ check: name }, 'a check for the watchdog did not come back')
          return false
        },
      )
    } catch (error) {
      log.error({ err: error, check: name }, 'a check for the watchdog failed')
      return false
    }
  }
}
