import { signal } from '@preact/signals'
import type { PumpId } from '#domain/ids.ts'
import type { Completeness, PumpAbout } from '#domain/live/pump-about.ts'
import type { AlarmView } from '#domain/live/views.ts'
import type { ServerLink } from '#dashboard/core/worker-protocol.ts'

const aboutEveryMs = 60_000
const completenessEveryMs = 300_000
const closedShown = 50

/** What the page of one pump asks the server for beside the live picture. A failed question leaves the last answer standing. */
export class PumpPageModel {
  readonly pumpId: PumpId
  readonly about = signal<PumpAbout | null>(null)
  readonly completeness = signal<Completeness | null>(null)
  readonly closed = signal<readonly AlarmView[] | null>(null)
  /** Which of the three could not be asked last. */
  readonly failed = signal<ReadonlySet<'about' | 'completeness' | 'closed'>>(new Set())
  readonly #link: ServerLink
  #timers: readonly ReturnType<typeof setInterval>[] = []
  #running = false

  constructor(link: ServerLink, pumpId: PumpId) {
    this.#link = link
    this.pumpId = pumpId
  }

  start(): void {
    this.#running = true
    void this.askAbout()
    void this.#askCompleteness()
    this.#timers = [
      setInterval(() => void this.askAbout(), aboutEveryMs),
      setInterval(() => void this.#askCompleteness(), completenessEveryMs),
    ]
  }

  stop(): void {
    this.#running = false
    for (const timer of this.#timers) clearInterval(timer)
    this.#timers = []
  }

  async askAbout(): Promise<void> {
    const answer = await this.#link.request<'pump-about'>({ what: 'pump-about', pumpId: this.pumpId })
    if (!this.#running) return
    this.#tell('about', answer.ok)
    if (answer.ok) this.about.value = answer.body
  }

  async askClosed(): Promise<void> {
    const { pumpId } = this
    const answer = await this.#link.request<'closed-alarms'>({ what: 'closed-alarms', pumpId, limit: closedShown })
    if (!this.#running) return
    this.#tell('closed', answer.ok)
    if (answer.ok) this.closed.value = answer.body
  }

  async #askCompleteness(): Promise<void> {
    const answer = await this.#link.request<'completeness'>({ what: 'completeness', pumpId: this.pumpId })
    if (!this.#running) return
    this.#tell('completeness', answer.ok)
    if (answer.ok) this.completeness.value = answer.body
  }

  #tell(what: 'about' | 'completeness' | 'closed', ok: boolean): void {
    const failed = new Set(this.failed.peek())
    if (ok) failed.delete(what)
    else failed.add(what)
    this.failed.value = failed
  }
}
