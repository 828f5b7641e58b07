import { signal } from '@preact/signals'
import type { OnCallNow } from '#domain/on-call/api.ts'
import type { ServerLink } from '#dashboard/core/worker-protocol.ts'

const askEveryMs = 30_000
/** What was told longer ago is not shown as true any more. */
const staleAfterMs = 180_000

/** Who is on call, asked again and again: a shift ends without any message. */
export class OnCallModel {
  readonly told = signal<OnCallNow | null>(null)
  readonly #link: ServerLink
  #toldAt = 0
  #timer: ReturnType<typeof setInterval> | null = null

  constructor(link: ServerLink) {
    this.#link = link
  }

  start(): void {
    this.stop()
    void this.ask()
    this.#timer = setInterval(() => void this.ask(), askEveryMs)
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#timer = null
    this.told.value = null
  }

  async ask(): Promise<void> {
    const answer = await this.#link.request<'on-call'>({ what: 'on-call' })
    if (answer.ok) {
      this.#toldAt = performance.now()
      this.told.value = answer.body
    } else if (performance.now() - this.#toldAt > staleAfterMs) this.told.value = null
  }
}
